#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "io/sonata/recordings/report_writer.hpp"
#include "io/sonata/recordings/spike_writer.hpp"

/// A made-up network whose spikes and traces follow from arithmetic alone, so that any reader can say what a file must
/// hold. sonata_check.py knows nothing of it; recording.cpp and sonata_files.py do.
namespace ranvier::testing {

struct RecordingNetwork {
  static constexpr double dt_ms = 0.1;
  static constexpr Step steps = 2000;  ///< 200 ms
  static constexpr std::uint64_t exc = 3001, inh = 257;

  static std::vector<SpikeWriter::Population> populations() {
    return {{"exc", exc}, {"silent", 40}, {"inh", inh}, {"empty", 0}};
  }

  /// Neuron n of population p fires at every step that is a multiple of its period, from the period on; every
  /// hundredth neuron fires twice at once.
  static std::uint64_t period(std::uint32_t population, std::uint64_t node) {
    return population == 0 ? 10 + node % 37 : population == 2 ? 3 + node % 5 : 0;
  }
  static int spikes_at(std::uint32_t population, std::uint64_t node, Step step) {
    const auto p = static_cast<Step>(period(population, node));
    return p == 0 || step == 0 || step % p != 0 ? 0 : node % 100 == 99 ? 2 : 1;
  }

  /// The spikes in steps (begin, end] of the neurons that `mine(node)` selects, in an order that no file has.
  template <class Mine>
  static std::vector<RecordedSpike> spikes(Step begin, Step end, Mine mine) {
    std::vector<RecordedSpike> list;
    for (const std::uint32_t p : {2u, 0u})
      for (std::uint64_t node = p == 0 ? exc : inh; node-- > 0;)
        if (mine(node))
          for (Step s = end; s > begin; --s)
            list.insert(list.end(), static_cast<std::size_t>(spikes_at(p, node, s)), {p, node, s});
    return list;
  }

  /// Membrane potential of a neuron in a frame; a third, so that float and double differ.
  static double value(std::uint64_t node, std::uint64_t frame) {
    return -60.0 - static_cast<double>(node) / 3.0 + static_cast<double>(frame) / 7.0;
  }
};

inline Provenance test_provenance(int ranks) {
  Provenance p;
  p.version = "0.1.0";
  p.git_hash = "abc1234";
  p.build = "g++ 12, Release, Kokkos 3.4 Serial";
  p.config = "name: test\nunits: \u00b5m\n";
  p.seed = 42;
  p.ranks = ranks;
  p.device = "cpu";
  p.precision = "double";
  p.date = "2026-01-02T03:04:05Z";
  return p;
}

}  // namespace ranvier::testing
