#include "core/build/scales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "core/base/error.hpp"

namespace ranvier {

namespace {

/// The least exponent serves sums of nothing; the largest keeps the inverse a normal number in single precision.
constexpr int largest_exponent = 120;

/// The bound is a sum of weights in floating point, or a product where they are one constant: in another order it may come
/// out otherwise by some 1e-11 of itself, and the same network must get the same scale. Where the exponent steps down, at
/// powers of two, round weights often add up to exactly that. So the step is moved down a little, to where they do not.
constexpr double step_down = 1.0 - 1e-3 / 3.14159265358979;

/// An e with bound * 2^e <= 2^(bits - 2): one bit for the sign, one for what rounding the weights may add. It is the
/// largest such, or, for bounds just below a power of two, the one below.
int exponent_for(double bound, int bits) {
  if (!(bound > 0.0)) return 0;
  int e = 0;
  if (std::frexp(bound, &e) >= step_down) ++e;  // bound < 2^e either way
  return std::clamp(bits - 2 - e, -largest_exponent, largest_exponent);
}

}  // namespace

Scales::Scales(const Layout& layout) : layout_(layout) {
  std::size_t receptors = 0;
  for (const PopulationLayout& p : layout.populations) {
    first_.push_back(receptors);
    receptors += p.receptors;
    by_port_.emplace_back(std::size_t{p.receptors} * p.count, 0.0);
  }
  parent_.resize(receptors);
  for (std::size_t i = 0; i < receptors; ++i) parent_[i] = i;
}

void Scales::add_bound(std::size_t population, std::uint32_t neuron, std::uint32_t receptor, double amount) {
  RANVIER_EXPECT(by_port_.size() == layout_.populations.size());  // not chosen yet
  RANVIER_EXPECT(neuron < layout_.populations[population].count && !(amount < 0.0));
  RANVIER_EXPECT(receptor < layout_.populations[population].receptors);
  by_port_[population][std::size_t{receptor} * layout_.populations[population].count + neuron] += amount;
}

void Scales::add_source(std::size_t population, std::uint32_t receptor, const std::string& name, double weight,
                        double amount) {
  RANVIER_EXPECT(largest_.empty());
  Source& source = sources_[{index(population, receptor), name}];
  source.weight = std::max(source.weight, weight);
  source.amount = std::max(source.amount, amount);
}

void Scales::join(std::size_t population_a, std::uint32_t receptor_a, std::size_t population_b,
                  std::uint32_t receptor_b) {
  RANVIER_EXPECT(largest_.empty());
  const std::size_t a = find(index(population_a, receptor_a)), b = find(index(population_b, receptor_b));
  parent_[std::max(a, b)] = std::min(a, b);
}

double Scales::bound(std::size_t population, std::uint32_t receptor) const {
  if (!largest_.empty()) return largest_[index(population, receptor)];
  const std::uint32_t count = layout_.populations[population].count;
  const auto begin = by_port_[population].begin() + static_cast<std::ptrdiff_t>(std::size_t{receptor} * count);
  return count == 0 ? 0.0 : *std::max_element(begin, begin + count);
}

void Scales::choose(const Communicator& comm, int accumulator_bits) {
  RANVIER_EXPECT(largest_.empty() && (accumulator_bits == 32 || accumulator_bits == 64));
  std::vector<double> largest(parent_.size(), 0.0);
  for (std::size_t p = 0; p < layout_.populations.size(); ++p)
    for (std::uint32_t r = 0; r < layout_.populations[p].receptors; ++r) largest[index(p, r)] = bound(p, r);
  comm.max(std::span<double>(largest));
  largest_ = largest;
  for (std::size_t i = 0; i < parent_.size(); ++i) largest[find(i)] = std::max(largest[find(i)], largest[i]);
  exponents_.resize(parent_.size());
  for (std::size_t i = 0; i < parent_.size(); ++i) exponents_[i] = exponent_for(largest[find(i)], accumulator_bits);
  check(accumulator_bits);
  agree_on_sources(comm);
  by_port_.clear();
}

void Scales::agree_on_sources(const Communicator& comm) {
  std::vector<double> numbers;
  for (const auto& [name, source] : sources_) numbers.insert(numbers.end(), {source.weight, source.amount});
  comm.max(std::span<double>(numbers));
  auto next = numbers.begin();
  for (auto& [name, source] : sources_) {
    source.weight = *next++;
    source.amount = *next++;
  }
}

std::vector<std::string> Scales::coarse_weights() const {
  RANVIER_EXPECT(chosen());
  constexpr double tolerance = 1e-3;
  std::vector<std::string> texts;
  for (const auto& [key, source] : sources_) {
    const std::size_t scale = find(key.first);
    const double step = std::ldexp(1.0, -exponents_[scale]);
    if (!(source.weight > 0.0) || 0.5 * step <= tolerance * source.weight) continue;
    const auto largest = std::max_element(sources_.begin(), sources_.end(), [&](const auto& a, const auto& b) {
      const bool a_here = find(a.first.first) == scale, b_here = find(b.first.first) == scale;
      return a_here != b_here ? b_here : a.second.amount < b.second.amount;
    });
    texts.push_back(
        fmt::format("{}: its weights, up to {:g}, arrive {}, since {} can bring {:g} in one step and both are summed "
                    "in the same integers; "
                    "use double precision, or a receptor of its own",
                    key.second, source.weight,
                    0.5 * step > source.weight ? std::string("as 0") : fmt::format("in multiples of {:g}", step),
                    largest->first.second, largest->second.amount));
  }
  return texts;
}

/// A bound that even the least exponent cannot bring into the accumulator is nothing that a neuron could survive either.
void Scales::check(int accumulator_bits) const {
  for (std::size_t p = 0; p < layout_.populations.size(); ++p)
    for (std::uint32_t r = 0; r < layout_.populations[p].receptors; ++r)
      if (!(largest_[index(p, r)] < std::ldexp(1.0, accumulator_bits - 2 + largest_exponent)))
        throw UsageError(
            fmt::format("population {}: the weights that can arrive at a neuron in one step sum up to {}, which "
                        "is too large; use smaller weights or fewer synapses",
                        layout_.populations[p].name, largest_[index(p, r)]));
}

std::int64_t Scales::to_fixed(std::size_t population, std::uint32_t receptor, double weight) const {
  const double units = std::ldexp(weight, exponent(population, receptor));
  RANVIER_ENSURE(std::abs(units) <= 0x1p62);
  return std::llrint(units);
}

double Scales::unit(std::size_t population, std::uint32_t receptor) const {
  return std::ldexp(1.0, -exponent(population, receptor));
}

}  // namespace ranvier
