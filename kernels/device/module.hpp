#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

#include "kernels/device/no_device.hpp"
#include "kernels/engine/engine.hpp"
#include "kernels/registry/registry.hpp"

/// The border between the program and its device half, a shared module with a Kokkos of its own. What crosses it has the
/// same layout on both sides: types of the standard library, our plain structs and interfaces, and nothing of Kokkos.
namespace ranvier {

/// A number that differs where the two halves were compiled from different declarations of what crosses the border.
constexpr std::uint64_t hash_of(std::initializer_list<std::size_t> sizes) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a, over numbers instead of bytes
  for (const std::size_t size : sizes) hash = (hash ^ size) * 1099511628211u;
  return hash;
}
inline constexpr std::uint64_t border_layout = hash_of({sizeof(RankNetwork<double>),
                                                        sizeof(RankNetwork<float>),
                                                        sizeof(Layout),
                                                        sizeof(PopulationLayout),
                                                        sizeof(Tile),
                                                        sizeof(Block),
                                                        sizeof(PopulationPlan),
                                                        sizeof(ReceptorPlan),
                                                        sizeof(InputPlan),
                                                        sizeof(ProjectionPlan<double>),
                                                        sizeof(ProjectionPlan<float>),
                                                        sizeof(SourceTables<double>),
                                                        sizeof(SynapseTable<double>),
                                                        sizeof(SynapseTable<float>),
                                                        sizeof(SourceSlots),
                                                        sizeof(SignalPlan),
                                                        sizeof(SignalTerm),
                                                        sizeof(Spike),
                                                        sizeof(SpikeList),
                                                        sizeof(EngineBytes),
                                                        sizeof(FiniteCheck::BadState),
                                                        sizeof(Registry),
                                                        sizeof(PopulationEntry),
                                                        sizeof(ReceptorEntry),
                                                        sizeof(InputEntry),
                                                        sizeof(SynapseEntry),
                                                        sizeof(ModelInfo),
                                                        sizeof(FieldInfo),
                                                        sizeof(std::string),
                                                        __cplusplus});

/// The functions of the device half. They throw what functions of the program throw.
struct DeviceModule {
  std::uint64_t layout;  ///< border_layout
  std::string (*build)();
  /// Takes a device for this process: the one of that number among those of the host, modulo their number. Throws NoDevice
  /// where there is none, RuntimeError where it cannot be used.
  void (*open)(int number);
  void (*close)();
  std::string (*backend)();  ///< such as "Cuda"
  void (*add_models)(Registry&);
  std::unique_ptr<Engine> (*make_double)(RankNetwork<double>, const Registry&);
  std::unique_ptr<Engine> (*make_single)(RankNetwork<float>, const Registry&);
};

/// The one symbol of the module.
inline constexpr const char* device_module_symbol = "ranvier_device_module";
using DeviceModuleFunction = const DeviceModule* (*)();

}  // namespace ranvier
