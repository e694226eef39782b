#include "core/base/expect.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "core/base/launcher.hpp"

namespace ranvier {

namespace {

[[noreturn]] void fail(const std::string& what, const char* file, int line, const char* function) {
  const auto rank = launcher_rank();
  throw std::logic_error(fmt::format("{}:{}: {} in {}(){}; this is a bug in Ranvier; please report it", file, line,
                                     what, function, rank ? fmt::format(" on rank {}", *rank) : ""));
}

template <class Value>
[[noreturn]] void fail_to_narrow(Value value, bool to_signed, int to_bits, const char* file, int line,
                                 const char* function) {
  fail(fmt::format("{} does not fit {} integer of {} bits", value, to_signed ? "a signed" : "an unsigned", to_bits),
       file, line, function);
}

}  // namespace

void contract_failed(const char* kind, const char* condition, const char* file, int line, const char* function) {
  fail(fmt::format("the {} '{}' does not hold", kind, condition), file, line, function);
}

void narrowing_failed(std::int64_t value, bool to_signed, int to_bits, const char* file, int line,
                      const char* function) {
  fail_to_narrow(value, to_signed, to_bits, file, line, function);
}

void narrowing_failed(std::uint64_t value, bool to_signed, int to_bits, const char* file, int line,
                      const char* function) {
  fail_to_narrow(value, to_signed, to_bits, file, line, function);
}

}  // namespace ranvier
