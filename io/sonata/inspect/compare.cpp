#include "io/sonata/inspect/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/attribute.hpp"
#include "io/sonata/recordings/reader.hpp"

namespace ranvier {
namespace {

constexpr std::uint64_t compared_at_a_time = std::uint64_t{1} << 20;  // elements

/// Names that only one of two has; empty where they are the same.
template <class Populations>
std::string different_names(const Populations& a, const Populations& b) {
  std::vector<std::string> in_a, in_b, only;
  for (const auto& p : a) in_a.push_back(p.name());
  for (const auto& p : b) in_b.push_back(p.name());
  std::set_difference(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::back_inserter(only));
  if (!only.empty()) return fmt::format("only the first has population {}", only.front());
  std::set_difference(in_b.begin(), in_b.end(), in_a.begin(), in_a.end(), std::back_inserter(only));
  return only.empty() ? "" : fmt::format("only the second has population {}", only.front());
}

/// An order in which also times that are no numbers have a place, the last: sorting would leave its bounds without.
bool before(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }
bool before(Step a, Step b) { return a < b; }
template <class When>
bool differ(When a, When b) {
  return before(a, b) || before(b, a);
}

/// The spikes of a population in the order of time, then neuron, a block at a time. `When` is Step or double.
template <class When>
class Ordered {
 public:
  explicit Ordered(const SpikePopulation& p) : population_(p) {
    // Our own files are in order; of others only the time is, if that.
    if (p.has_steps() && p.sorting() == sonata::Sorting::by_time) return;
    when_ = read_when(0, p.size());
    ids_ = p.ids(0, p.size());
    std::vector<std::uint64_t> order(p.size());
    std::iota(order.begin(), order.end(), std::uint64_t{0});
    std::sort(order.begin(), order.end(), [&](auto i, auto j) {
      return differ(when_[i], when_[j]) ? before(when_[i], when_[j]) : ids_[i] < ids_[j];
    });
    std::vector<When> when(order.size());
    std::vector<std::uint64_t> ids(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      when[i] = when_[order[i]];
      ids[i] = ids_[order[i]];
    }
    when_ = std::move(when);
    ids_ = std::move(ids);
    in_memory_ = true;
  }

  std::vector<When> when(std::uint64_t first, std::uint64_t count) const {
    return in_memory_ ? slice(when_, first, count) : read_when(first, count);
  }
  std::vector<std::uint64_t> ids(std::uint64_t first, std::uint64_t count) const {
    return in_memory_ ? slice(ids_, first, count) : population_.ids(first, count);
  }

 private:
  template <class T>
  static std::vector<T> slice(const std::vector<T>& all, std::uint64_t first, std::uint64_t count) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
  }
  std::vector<When> read_when(std::uint64_t first, std::uint64_t count) const {
    if constexpr (std::is_same_v<When, Step>)
      return population_.steps(first, count);
    else
      return population_.times(first, count);
  }

  const SpikePopulation& population_;
  bool in_memory_ = false;
  std::vector<When> when_;
  std::vector<std::uint64_t> ids_;
};

template <class When>
std::string compare_spikes_of(const SpikePopulation& a, const SpikePopulation& b) {
  const Ordered<When> in_a(a), in_b(b);
  const std::uint64_t common = std::min(a.size(), b.size());
  const auto unit = std::is_same_v<When, Step> ? "step" : "time";
  for (std::uint64_t i = 0; i < common; i += compared_at_a_time) {
    const std::uint64_t count = std::min(compared_at_a_time, common - i);
    const auto when_a = in_a.when(i, count), when_b = in_b.when(i, count);
    const auto ids_a = in_a.ids(i, count), ids_b = in_b.ids(i, count);
    if (when_a == when_b && ids_a == ids_b) continue;
    for (std::uint64_t j = 0; j < count; ++j)
      if (differ(when_a[j], when_b[j]) || ids_a[j] != ids_b[j])
        return fmt::format(
            "spike {} of {} is of neuron {} at {} {} in the first, of neuron {} at {} {} in the second "
            "({} and {} spikes)",
            i + j, a.name(), ids_a[j], unit, when_a[j], ids_b[j], unit, when_b[j], a.size(), b.size());
  }
  if (a.size() == b.size()) return "";
  const auto& longer = a.size() > b.size() ? in_a : in_b;
  return fmt::format(
      "{} has {} spikes in the first and {} in the second; they are equal until the {} continues with "
      "neuron {} at {} {}",
      a.name(), a.size(), b.size(), a.size() > b.size() ? "first" : "second", longer.ids(common, 1)[0], unit,
      longer.when(common, 1)[0]);
}

Comparison compare_spikes(const hdf5::File& a, const hdf5::File& b) {
  const auto in_a = open_spikes(a), in_b = open_spikes(b);
  Comparison result;
  result.first_difference = different_names(in_a, in_b);
  std::uint64_t spikes = 0;
  for (std::size_t p = 0; p < in_a.size() && result.first_difference.empty(); ++p) {
    const bool steps = in_a[p].has_steps() && in_b[p].has_steps();
    result.first_difference =
        steps ? compare_spikes_of<Step>(in_a[p], in_b[p]) : compare_spikes_of<double>(in_a[p], in_b[p]);
    spikes += in_a[p].size();
  }
  result.what = fmt::format("{} spikes of {} population{}", spikes, in_a.size(), in_a.size() == 1 ? "" : "s");
  return result;
}

template <class Real>
std::string compare_values(const ReportPopulation& a, const ReportPopulation& b) {
  const auto ids = a.node_ids();
  const std::uint64_t columns = a.columns();
  const std::uint64_t rows = std::max<std::uint64_t>(1, compared_at_a_time / std::max<std::uint64_t>(1, columns));
  // A report without columns may claim any number of frames.
  for (std::uint64_t f = 0; columns > 0 && f < a.frames(); f += rows) {
    const std::uint64_t count = std::min(rows, a.frames() - f);
    const auto in_a = a.values<Real>(f, count), in_b = b.values<Real>(f, count);
    for (std::uint64_t i = 0; i < in_a.size(); ++i) {
      if (std::memcmp(&in_a[i], &in_b[i], sizeof(Real)) == 0) continue;
      const std::uint64_t frame = f + i / columns, column = i % columns;
      const auto who = ids.size() == columns ? fmt::format("neuron {}", ids[column]) : fmt::format("column {}", column);
      return fmt::format("frame {} ({:g} ms) of {}, {}, is {} in the first and {} in the second", frame,
                         a.start() + static_cast<double>(frame) * a.dt(), a.name(), who, in_a[i], in_b[i]);
    }
  }
  return "";
}

std::string compare_report(const ReportPopulation& a, const ReportPopulation& b) {
  const auto differ = [&](const char* what, auto of_a, auto of_b) {
    return fmt::format("{} has {} {} in the first and {} in the second", a.name(), what, of_a, of_b);
  };
  if (a.variable() != b.variable()) return differ("variable", a.variable().value_or("?"), b.variable().value_or("?"));
  if (a.units() != b.units()) return differ("unit", a.units().value_or("?"), b.units().value_or("?"));
  if (a.columns() != b.columns()) return differ("columns", a.columns(), b.columns());
  if (a.node_ids() != b.node_ids()) return fmt::format("{} is of other neurons in the second", a.name());
  if (a.start() != b.start()) return differ("start", a.start(), b.start());
  if (a.dt() != b.dt()) return differ("dt", a.dt(), b.dt());
  if (a.frames() != b.frames()) return differ("frames", a.frames(), b.frames());
  if (a.double_precision() != b.double_precision())
    return differ("numbers of bits", a.double_precision() ? 64 : 32, b.double_precision() ? 64 : 32);
  return a.double_precision() ? compare_values<double>(a, b) : compare_values<float>(a, b);
}

Comparison compare_reports(const hdf5::File& a, const hdf5::File& b) {
  const auto in_a = open_reports(a), in_b = open_reports(b);
  Comparison result;
  result.first_difference = different_names(in_a, in_b);
  std::uint64_t frames = 0;
  for (std::size_t p = 0; p < in_a.size() && result.first_difference.empty(); ++p) {
    result.first_difference = compare_report(in_a[p], in_b[p]);
    frames = in_a[p].frames();
  }
  result.what = fmt::format("{} frames of {} population{}", frames, in_a.size(), in_a.size() == 1 ? "" : "s");
  return result;
}

/// Paths of all datasets but those that say where the file came from, and what a checkpoint holds of other files.
std::vector<std::string> datasets_of(const hdf5::File& file) {
  auto names = file.datasets();
  std::erase_if(names, [](const std::string& n) {
    return n.starts_with("provenance/") || n.starts_with("checkpoint/recordings/") || n == "checkpoint/files";
  });
  return names;
}

/// Numbers are compared as 64 bits that tell any two values of their type apart.
template <class T>
std::string compare_numbers(const hdf5::Dataset& a, const hdf5::Dataset& b, const std::string& name) {
  const auto in_a = a.read<T>(), in_b = b.read<T>();
  for (std::size_t i = 0; i < in_a.size(); ++i)
    if (std::memcmp(&in_a[i], &in_b[i], sizeof(T)) != 0)
      return fmt::format("element {} of {} is {} in the first and {} in the second", i, name, in_a[i], in_b[i]);
  return "";
}

std::string compare_dataset(const hdf5::File& file_a, const hdf5::File& file_b, const std::string& name) {
  const auto a = hdf5::Dataset::open(file_a, name), b = hdf5::Dataset::open(file_b, name);
  if (a.kind() != b.kind() || a.element_bytes() != b.element_bytes())
    return fmt::format("{} is of another type in the second", name);
  if (a.extent() != b.extent())
    return fmt::format("{} has size {} in the first and {} in the second", name, fmt::join(a.extent(), " x "),
                       fmt::join(b.extent(), " x "));
  switch (a.kind()) {
    case hdf5::Kind::floating: return compare_numbers<double>(a, b, name);
    case hdf5::Kind::signed_integer: return compare_numbers<std::int64_t>(a, b, name);
    case hdf5::Kind::unsigned_integer: return compare_numbers<std::uint64_t>(a, b, name);
    default: break;
  }
  if (a.kind() == hdf5::Kind::text && a.size() == 1)
    return a.read_text() == b.read_text() ? "" : fmt::format("{} is another text in the second", name);
  throw RuntimeError(fmt::format("{} holds neither numbers nor one text: it cannot be compared", a.name()));
}

/// -1 where the file is none.
std::int64_t step_of_checkpoint(const hdf5::File& file) {
  return file.has("/checkpoint") ? hdf5::read_scalar_attribute<std::int64_t>(file, "/checkpoint", "step").value_or(-1)
                                 : -1;
}

Comparison compare_anything(const hdf5::File& a, const hdf5::File& b) {
  const auto in_a = datasets_of(a), in_b = datasets_of(b);
  Comparison result;
  result.what = fmt::format("{} datasets", in_a.size());
  const auto step_a = step_of_checkpoint(a), step_b = step_of_checkpoint(b);
  if (step_a != step_b)
    result.first_difference = fmt::format("the first is of step {}, the second of step {}", step_a, step_b);
  else if (in_a != in_b) {
    const auto [x, y] = std::mismatch(in_a.begin(), in_a.end(), in_b.begin(), in_b.end());
    const bool first = x != in_a.end() && (y == in_b.end() || *x < *y);
    result.first_difference = fmt::format("only the {} has {}", first ? "first" : "second", first ? *x : *y);
  }
  for (std::size_t i = 0; i < in_a.size() && result.first_difference.empty(); ++i)
    result.first_difference = compare_dataset(a, b, in_a[i]);
  return result;
}

}  // namespace

Comparison compare(const hdf5::File& a, const hdf5::File& b) {
  if (a.has("/spikes") && b.has("/spikes")) return compare_spikes(a, b);
  if (a.has("/report") && b.has("/report")) return compare_reports(a, b);
  return compare_anything(a, b);
}

}  // namespace ranvier
