#pragma once
#include <memory>

#include "kernels/layout/layout.hpp"
#include "kernels/random/poisson_table.hpp"
#include "kernels/random/random.hpp"

/// Poisson counts of many neurons. A block of four random words serves four consecutive steps of one neuron: step s takes
/// word (s - 1) % 4 of block (s - 1) / 4.
namespace ranvier {

inline constexpr Step poisson_group = 4;

/// The table of one process where the kernels of a space can read it.
template <class Exec>
class PoissonProcess {
 public:
  PoissonProcess(double mean, Key key, std::uint64_t first_index) : key_(key), first_(first_index) {
    const PoissonThresholds host(mean);
    thresholds_ = to_space<Exec>(host_array("ranvier::poisson", host.thresholds()));
    table_ = {thresholds_.data(), static_cast<std::uint32_t>(host.thresholds().size()), host.first()};
  }

  struct Draw {
    PoissonTable table;
    Key key;
    std::uint64_t first;  ///< index, within the population, of lane 0

    /// Count of lane i in a step.
    RANVIER_INLINE std::uint32_t count(std::size_t i, Step step) const {
      const Words words = philox(key, first + i, static_cast<std::uint64_t>((step - 1) / poisson_group));
      return table(words.w[(step - 1) % poisson_group]);
    }

    /// Host: counts of lanes i to i + chunk_lanes in the four steps of a group, [step][lane].
    void chunk(std::size_t i, std::uint64_t group, std::uint32_t (&counts)[poisson_group][chunk_lanes]) const {
      alignas(64) std::uint32_t words[poisson_group * chunk_lanes];
      RANVIER_SIMD
      for (std::size_t lane = 0; lane < chunk_lanes; ++lane) {
        const Words w = philox(key, first + i + lane, group);
        for (std::uint32_t q = 0; q < poisson_group; ++q) words[q * chunk_lanes + lane] = w.w[q];
      }
      std::uint32_t* out = &counts[0][0];
      if (table.size > PoissonTable::linear_limit) {
        for (std::size_t n = 0; n < poisson_group * chunk_lanes; ++n) out[n] = table.search(words[n]);
        return;
      }
      for (std::size_t n = 0; n < poisson_group * chunk_lanes; ++n) out[n] = table.first;
      std::uint32_t k = 0;
      for (; k + 4 <= table.size; k += 4) compare<4>(table.thresholds + k, words, out);
      for (; k < table.size; ++k) compare<1>(table.thresholds + k, words, out);
    }

   private:
    template <int K>
    static void compare(const std::uint32_t* thresholds, const std::uint32_t* words, std::uint32_t* out) {
      std::uint32_t t[K];
      for (int k = 0; k < K; ++k) t[k] = thresholds[k];
      RANVIER_SIMD
      for (std::size_t n = 0; n < poisson_group * chunk_lanes; ++n) {
        std::uint32_t above = 0;
        for (int k = 0; k < K; ++k) above += words[n] >= t[k] ? 1u : 0u;
        out[n] += above;
      }
    }
  };

  Draw draw() const { return {table_, key_, first_}; }
  std::size_t bytes() const { return thresholds_.span() * sizeof(std::uint32_t); }

 private:
  Array<std::uint32_t, Exec> thresholds_;
  PoissonTable table_;
  Key key_;
  std::uint64_t first_;
};

/// Mean number of spikes in a step, from a rate in Hz and dt in ms.
inline double mean_count(double rate, double dt) { return rate * dt * 1e-3; }

}  // namespace ranvier
