#include "io/sonata/base/dialect.hpp"

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"

namespace ranvier::sonata {

void write_signature(hdf5::File& file) {
  hdf5::write_attribute(file, "/", "magic", magic);
  hdf5::write_attribute(file, "/", "version", std::vector<std::uint32_t>{0, 1});
}

void check_population_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    throw RuntimeError("'" + name + "' cannot name a population in a SONATA file; choose a name without a slash");
}

}  // namespace ranvier::sonata
