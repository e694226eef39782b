#include "kernels/device/device.hpp"

#include <dlfcn.h>

#include <string_view>

#include "core/base/version.hpp"
#include "kernels/device/module.hpp"

namespace ranvier {
namespace {

constexpr const char* module_file = "ranvier_device.so";

/// Of this process; null where none is open.
const DeviceModule* opened = nullptr;

/// Finds the module as the loader finds libraries: beside the program, or in `lib/ranvier`. It stays for the life of the process.
const DeviceModule& load_module() {
  static void* const library = dlopen(module_file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const text = dlerror();
    const std::string reason = text != nullptr ? text : "unknown reason";
    if (reason.find("libcuda.so") != std::string::npos) throw NoDevice("there is no driver for a GPU (" + reason + ")");
    throw RuntimeError("the code for GPUs cannot be loaded (" + reason + ")");
  }
  const auto get = reinterpret_cast<DeviceModuleFunction>(dlsym(library, device_module_symbol));
  const DeviceModule* const module = get != nullptr ? get() : nullptr;
  const std::string own = version() + " " + git_hash();
  if (module == nullptr || module->layout != border_layout || module->build() != own)
    throw RuntimeError(std::string(module_file) + " is not of this build (" + own + "); install both together");
  return *module;
}

const DeviceModule& open_module() {
  if (opened == nullptr) throw std::logic_error("no device is open");
  return *opened;
}

}  // namespace

bool has_device_code() { return true; }

void open_device(int number, Registry& models) {
  const DeviceModule& module = load_module();
  module.open(number);
  opened = &module;
  module.add_models(models);
}

void close_device() {
  if (opened != nullptr) opened->close();
  opened = nullptr;
}

bool has_device_backend() { return opened != nullptr; }
std::string device_backend() { return open_module().backend(); }

template <>
std::unique_ptr<Engine> make_device_engine(RankNetwork<double> network, const Registry& models) {
  return open_module().make_double(std::move(network), models);
}
template <>
std::unique_ptr<Engine> make_device_engine(RankNetwork<float> network, const Registry& models) {
  return open_module().make_single(std::move(network), models);
}

}  // namespace ranvier
