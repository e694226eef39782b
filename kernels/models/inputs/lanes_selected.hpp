#pragma once
#include "kernels/populations/population.hpp"
#include "kernels/space/portable.hpp"

/// Which neurons of a population an input reaches.
namespace ranvier {

/// 1 for the lanes that are reached, 0 for the others, as the type in which the input is computed.
template <class Exec, class Number>
class Selection {
 public:
  explicit Selection(const InputPlan& input, std::uint32_t padded) {
    if (input.selected.empty()) return;
    HostArray<Number> host("ranvier::input::selection", padded);
    for (std::size_t i = 0; i < input.selected.size(); ++i) host(i) = Number(input.selected[i] != 0);
    lanes_ = to_space<Exec>(host);
  }

  struct All {
    RANVIER_INLINE Number at(std::size_t) const { return Number(1); }
  };
  struct Some {
    const Number* lanes;
    RANVIER_INLINE Number at(std::size_t i) const { return lanes[i]; }
  };

  /// Calls f with the reader that fits, and with what keeps its memory alive.
  template <class F>
  auto visit(F&& f) const {
    return lanes_.extent(0) == 0 ? f(All{}, lanes_) : f(Some{lanes_.data()}, lanes_);
  }

 private:
  Array<Number, Exec> lanes_;
};

}  // namespace ranvier
