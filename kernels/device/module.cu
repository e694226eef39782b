#include "kernels/device/module.hpp"

#include "core/base/version.hpp"
#include "kernels/device/engine.hpp"
#include "kernels/device/models.hpp"  // generated from the list in kernels/CMakeLists.txt

namespace ranvier {
namespace {

__global__ void do_nothing() {}

void check(cudaError_t result, const std::string& what) {
  if (result != cudaSuccess) throw RuntimeError(what + " (" + cudaGetErrorString(result) + ")");
}

int count_devices() {
  int count = 0;
  const cudaError_t result = cudaGetDeviceCount(&count);
  if (result == cudaErrorNoDevice || result == cudaErrorStubLibrary || (result == cudaSuccess && count == 0))
    throw NoDevice(std::string("there is no GPU (") + cudaGetErrorString(cudaErrorNoDevice) + ")");
  check(result, "the GPUs of this host cannot be used");
  return count;
}

/// Kokkos ends the process where it finds no GPU or one that it has no code for: so these are looked for before.
void open(int number) {
  const int device = number % count_devices();
  const std::string name = "GPU " + std::to_string(device);
  check(cudaSetDevice(device), name + " cannot be used");
  cudaFuncAttributes attributes{};
  check(cudaFuncGetAttributes(&attributes, do_nothing), "this build has no code for " + name);
  Kokkos::InitializationSettings settings;
  settings.set_device_id(device);
  Kokkos::initialize(settings);
}

void close() {
  if (Kokkos::is_initialized()) Kokkos::finalize();
}

constexpr DeviceModule module{border_layout,
                              [] { return version() + " " + git_hash(); },
                              open,
                              close,
                              [] { return std::string(Kokkos::Cuda::name()); },
                              add_models_on_device,
                              make_engine_on_device<double>,
                              make_engine_on_device<float>};

}  // namespace
}  // namespace ranvier

extern "C" [[gnu::visibility("default")]] const ranvier::DeviceModule* ranvier_device_module() {
  return &ranvier::module;
}
