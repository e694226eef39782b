#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"
#include "io/sonata/base/dialect.hpp"

/// SONATA spikes and reports, ours and those of others. Sizes are checked against the file before memory is taken;
/// everything throws RuntimeError with file and dataset. Files from elsewhere are read in a
/// child process first (io/files/guard.hpp).
namespace ranvier {

/// One population of a spike file, open for reading.
class SpikePopulation {
 public:
  /// `group` is `/spikes/<name>`, or `/spikes` in the old layout, which has `gids` for `node_ids`.
  SpikePopulation(const hdf5::File& file, std::string name, const std::string& group);

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return count_; }  ///< spikes
  std::optional<std::uint64_t> neurons() const { return neurons_; }
  std::optional<double> t_start() const { return t_start_; }  ///< ms
  std::optional<double> t_stop() const { return t_stop_; }    ///< ms
  std::optional<std::string> units() const { return units_; }
  sonata::Sorting sorting() const { return sorting_; }
  bool has_steps() const { return steps_.has_value(); }  ///< only our own files

  std::vector<double> times(std::uint64_t first, std::uint64_t count) const;  ///< ms
  std::vector<std::uint64_t> ids(std::uint64_t first, std::uint64_t count) const;
  std::vector<Step> steps(std::uint64_t first, std::uint64_t count) const;

 private:
  std::string name_;
  hdf5::Dataset times_, ids_;
  std::optional<hdf5::Dataset> steps_;
  std::uint64_t count_ = 0;
  std::optional<std::uint64_t> neurons_;
  std::optional<double> t_start_, t_stop_;
  std::optional<std::string> units_;
  sonata::Sorting sorting_ = sonata::Sorting::none;
};

/// All populations of a spike file. The old layout `/spikes/{gids,timestamps}` is one population without a name.
std::vector<SpikePopulation> open_spikes(const hdf5::File& file);

/// Spikes of one population: times in ms and neurons, in the order of the file.
struct ReadSpikes {
  std::vector<double> times;
  std::vector<std::uint64_t> ids;
};
/// Reads `/spikes/<population>`; an empty name takes the only population there is. Throws where times are not in ms,
/// not finite or negative, and where the population is not there (naming those that are).
ReadSpikes read_spikes(const std::string& path, const std::string& population);

/// One population of a report, open for reading.
class ReportPopulation {
 public:
  ReportPopulation(const hdf5::File& file, std::string name, const std::string& group);

  const std::string& name() const { return name_; }
  std::uint64_t frames() const { return frames_; }
  std::uint64_t columns() const { return columns_; }
  double start() const { return start_; }  ///< ms, of frame 0
  double stop() const { return stop_; }    ///< ms, exclusive
  double dt() const { return dt_; }        ///< ms
  std::optional<std::string> units() const { return units_; }
  std::optional<std::string> variable() const { return variable_; }  ///< only our own files
  bool double_precision() const { return data_.element_bytes() > 4; }

  std::vector<std::uint64_t> node_ids() const;
  /// [frame][column]; T is float or double.
  template <class T>
  std::vector<T> values(std::uint64_t first_frame, std::uint64_t count) const {
    std::vector<T> block(count * columns_);
    if (!block.empty()) data_.read({first_frame, 0}, {count, columns_}, block.data());
    return block;
  }

 private:
  std::string name_;
  hdf5::Dataset data_, node_ids_;
  std::uint64_t frames_ = 0, columns_ = 0;
  double start_ = 0.0, stop_ = 0.0, dt_ = 0.0;
  std::optional<std::string> units_, variable_;
};

std::vector<ReportPopulation> open_reports(const hdf5::File& file);

}  // namespace ranvier
