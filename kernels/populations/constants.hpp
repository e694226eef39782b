#pragma once
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels/layout/layout.hpp"
#include "kernels/model/fields.hpp"
#include "kernels/space/portable.hpp"

/// How kernels read the constants of neurons, as Model::step takes them: the same for all neurons of a population, or not.
namespace ranvier {

/// What the kernel reads as constants of lane i: one struct for all lanes ...
template <class Constants>
struct UniformConstants {
  Constants value;
  RANVIER_INLINE Constants at(std::size_t) const { return value; }
};

/// ... or a row for each field. Few parameters are drawn as a rule, and few fields follow from each: where all lanes have the
/// same, the row is that of one chunk, which serves each of them.
template <class Constants, class Real>
struct ArrayConstants {
  static constexpr std::size_t fields = field_count<Constants>;
  const Real* rows[fields + 1];  ///< one more, as there is no array of none
  std::size_t mask[fields + 1];  ///< which bits of the lane count in the row

  RANVIER_INLINE bool is_shared(std::size_t k) const { return mask[k] == chunk_lanes - 1; }
  RANVIER_INLINE Constants at(std::size_t i) const { return load(i, std::make_index_sequence<fields>{}); }

 private:
  template <std::size_t... K>
  RANVIER_INLINE Constants load([[maybe_unused]] std::size_t i, std::index_sequence<K...>) const {
    Constants c;
    (detail::load_member<Constants, K>(c, rows[K][i & mask[K]]), ...);
    return c;
  }
};

/// On the host the constants of one chunk of lanes after the other: `in_chunk(begin)` reads those of the chunk that begins
/// at lane `begin`, until its next call.
template <class Reader>
class ChunkConstants {
 public:
  explicit ChunkConstants(const Reader& reader) : reader_(reader) {}
  const Reader& in_chunk(std::size_t) { return reader_; }

 private:
  Reader reader_;
};

/// Rows in arrays of their own would take a register each. Here they follow each other, and only those that differ between
/// chunks are copied.
template <class Constants, class Real>
class ChunkConstants<ArrayConstants<Constants, Real>> {
  static constexpr std::size_t fields = field_count<Constants>;

 public:
  struct Reader {
    const Real* block;
    std::size_t begin;
    RANVIER_INLINE Constants at(std::size_t i) const { return load<Constants>(block + (i - begin), chunk_lanes); }
  };

  explicit ChunkConstants(const ArrayConstants<Constants, Real>& constants) {
    for (std::size_t k = 0; k < fields; ++k) {
      if (constants.is_shared(k))
        std::copy_n(constants.rows[k], chunk_lanes, block_ + k * chunk_lanes);
      else
        copied_[count_++] = {constants.rows[k], block_ + k * chunk_lanes};
    }
  }

  Reader in_chunk(std::size_t begin) {
    for (std::size_t c = 0; c < count_; ++c) std::copy_n(copied_[c].from + begin, chunk_lanes, copied_[c].to);
    return {block_, begin};
  }

 private:
  struct Copy {
    const Real* from;
    Real* to;
  };
  std::size_t count_ = 0;
  Copy copied_[fields + 1];
  alignas(64) Real block_[fields * chunk_lanes + 1];
};

/// The rows of ArrayConstants.
template <class Exec, class Real, class Constants>
class ConstantRows {
 public:
  ConstantRows() = default;
  /// `make(i)` gives the constants of lane i; lanes past `count` repeat the last one.
  template <class Make>
  ConstantRows(std::uint32_t count, std::uint32_t padded, Make&& make) {
    std::vector<std::vector<Real>> rows(field_count<Constants>);  // one number as long as all are the same
    for (std::size_t i = 0; i < padded; ++i) {
      const Constants c = make(std::min<std::size_t>(i, count - 1));
      for_each_field<Constants>([&](std::size_t k, const auto& f) {
        const Real value = c.*f.member;
        std::vector<Real>& row = rows[k];
        if (i == 0 || row.size() > 1 || !same_bits(row.front(), value)) {
          if (row.size() < i) row.resize(i, row.front());
          row.push_back(value);
        }
      });
    }
    std::vector<std::size_t> firsts;
    std::size_t size = 0;
    for (std::vector<Real>& row : rows) {
      const bool same = row.size() == 1;
      reader_.mask[firsts.size()] = same ? chunk_lanes - 1 : ~std::size_t{0};
      row.resize(same ? chunk_lanes : padded, row.front());
      firsts.push_back(size);
      size += row.size() + line;  // no two rows of a page begin at the same line: see FieldStore
    }
    HostArray<Real> host("ranvier::constants", size);
    for (std::size_t k = 0; k < rows.size(); ++k) std::copy(rows[k].begin(), rows[k].end(), host.data() + firsts[k]);
    data_ = to_space<Exec>(host);
    for (std::size_t k = 0; k < rows.size(); ++k) reader_.rows[k] = data_.data() + firsts[k];
  }

  const ArrayConstants<Constants, Real>& reader() const { return reader_; }
  std::size_t bytes() const { return data_.span() * sizeof(Real); }

 private:
  static constexpr std::size_t line = 64 / sizeof(Real);
  static bool same_bits(Real a, Real b) { return std::memcmp(&a, &b, sizeof(Real)) == 0; }

  Array<Real, Exec> data_;
  ArrayConstants<Constants, Real> reader_{};
};

}  // namespace ranvier
