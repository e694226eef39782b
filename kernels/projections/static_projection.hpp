#pragma once
#include <type_traits>
#include <utility>

#include "kernels/projections/deliver_on_device.hpp"
#include "kernels/projections/deliver_on_host.hpp"
#include "kernels/projections/projection.hpp"

namespace ranvier {

/// All static projections of a rank: fused tables, one list for each source population.
///
/// On the host one block of neurons follows the other (or one per thread): its ring stays in the cache, and no two threads
/// add to the same sum. On a device one launch serves all spikes, blocks and tables.
template <class Exec, class Real>
class StaticProjection : public Projection<Exec, Real> {
 public:
  StaticProjection(ProjectionPlan<Real> plan, const Machine<Exec, Real>& machine)
      : sources_(std::move(plan.sources)), ring_(machine.ring), slots_(machine.slots), blocks_(machine.layout->blocks) {
    if constexpr (is_host<Exec>)
      delivery_ = PartsByBlock<Real>(sources_, blocks_.size());
    else
      delivery_ = DeviceDelivery<Exec, Real>(sources_, blocks_);
  }

  void deliver(const ArrivingSpikes<Exec>& spikes, Step first) override {
    if constexpr (is_host<Exec>) {
      const auto body = [&](const std::size_t block) {
        delivery_.deliver(spikes, block, blocks_[block], ring_.data(), slots_, first);
      };
      Kokkos::parallel_for("ranvier::deliver", Kokkos::RangePolicy<Exec>(0, blocks_.size()), body);
    } else {
      delivery_(spikes, ring_, slots_, first);
    }
  }

  ProjectionBytes bytes() const override {
    if constexpr (!is_host<Exec>) {
      return delivery_.bytes();
    } else {
      ProjectionBytes bytes;
      bytes.rows = delivery_.bytes();
      for (const SourceTables<Real>& source : sources_)
        for (const SynapseTable<Real>& table : source.tables) {
          bytes.synapses += table.synapse_bytes();
          bytes.rows += table.row_bytes();
        }
      return bytes;
    }
  }

 private:
  std::vector<SourceTables<Real>> sources_;
  Array<Accumulator<Real>, Exec> ring_;
  std::uint32_t slots_;
  std::vector<Block> blocks_;
  std::conditional_t<is_host<Exec>, PartsByBlock<Real>, DeviceDelivery<Exec, Real>> delivery_;
};

}  // namespace ranvier
