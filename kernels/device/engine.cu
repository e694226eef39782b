#include "kernels/device/engine.hpp"

#include <string>

#include "kernels/engine/engine_impl.hpp"

namespace ranvier {
namespace {

/// What a failed allocation of Kokkos says, in words that help; other texts as they are.
std::string in_our_words(const std::string& text) {
  if (text.find("failed to allocate") == std::string::npos) return text;
  std::size_t free = 0, total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) total = 0;
  const auto gigabytes = [](std::size_t bytes) { return std::to_string(bytes / 1000000000) + " GB"; };
  return "the network does not fit the memory of the GPU (" + gigabytes(total) + "; " + text +
         "); use more GPUs, single precision or --device cpu";
}

}  // namespace

template <class Real>
std::unique_ptr<Engine> make_engine_on_device(RankNetwork<Real> network, const Registry& models) {
  try {
    return std::make_unique<EngineOn<Kokkos::Cuda, Real>>(std::move(network), models);
  } catch (const RuntimeError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw RuntimeError(in_our_words(error.what()));
  }
}

template std::unique_ptr<Engine> make_engine_on_device(RankNetwork<double>, const Registry&);
template std::unique_ptr<Engine> make_engine_on_device(RankNetwork<float>, const Registry&);

}  // namespace ranvier
