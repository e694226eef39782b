#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/mpi/communicator.hpp"
#include "io/hdf5/dataset.hpp"
#include "io/hdf5/file.hpp"
#include "io/results/provenance.hpp"
#include "io/sonata/base/slices.hpp"

namespace ranvier {

/// What a report records: one variable of some neurons of one population, at regular times.
struct ReportConfig {
  std::string population;
  std::string variable;           ///< such as "V_m"
  std::string unit;               ///< such as "mV"
  double start_ms = 0.0;          ///< time of frame 0
  double dt_ms = 0.0;             ///< between frames
  std::uint64_t frames = 0;       ///< expected; sets the size of chunks only
  bool double_precision = false;  ///< float64 instead of the format's float32
};

/// Writes one variable of neurons on all ranks into one SONATA report: `data` [frames, neurons], columns in the order of
/// node ids. Errors, flushing and destruction are as with SpikeWriter.
class ReportWriter {
 public:
  /// Collective; replaces `path`, or goes on with it (`append`: then the start and the chunks are the file's). `node_ids`
  /// are this rank's, in the order of its columns; no id on two ranks.
  ReportWriter(std::string path, const Communicator& comm, ReportConfig config, std::span<const std::uint64_t> node_ids,
               const Provenance& provenance, bool append = false);
  ReportWriter(const ReportWriter&) = delete;
  ReportWriter& operator=(const ReportWriter&) = delete;
  ~ReportWriter();

  /// Frames [frame_first, frame_first + n_frames) of this rank's columns, row-major [frame][column]. Frames come in
  /// order and without gaps; throws std::invalid_argument otherwise.
  void append(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const double> values);
  void append(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const float> values);
  std::uint64_t frames() const { return frames_written_ + frames_buffered_; }  ///< appended so far

  /// Collective; all ranks have appended the same frames. Puts them into the file, whose size on the disk stays what it was
  /// at the last flush.
  void write();
  /// Collective. The same, and what was written is on the disk.
  void flush();
  /// Collective; flushes first.
  void close();

 private:
  void lay_out(const Provenance& provenance) const;
  void write_mapping(std::span<const std::uint64_t> ids);
  void open_series(bool append);
  template <class Value>
  void append_as(std::uint64_t frame_first, std::uint64_t n_frames, std::span<const Value> values);
  /// Collective. The buffered values of this rank's slice of the columns, [frame][column]; Real is the type in the file.
  template <class Real>
  std::vector<Real> gather() const;
  template <class Real>
  void write_frames(const std::vector<Real>& block);
  void abandon() noexcept;

  std::string path_;
  Communicator comm_;
  ReportConfig config_;
  std::vector<std::uint32_t> order_;  ///< this rank's columns, ascending by node id
  std::optional<Slices> slices_;      ///< of all columns
  std::vector<std::uint64_t> place_;  ///< of each column that arrives, within this rank's slice
  std::uint64_t chunk_columns_ = 1, chunk_frames_ = 1;
  std::uint64_t frames_written_ = 0, frames_buffered_ = 0;
  bool flushed_ = true;
  std::vector<std::byte> buffer_;  ///< as in the file: float or double, [frame][column]
  std::optional<hdf5::Dataset> data_, time_;
  hdf5::File file_;
};

}  // namespace ranvier
