#pragma once
#include <mpi.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/ids.hpp"

/// MPI behind owning handles. Every code is checked; a failure is a RuntimeError with MPI's own text and the rank.
namespace ranvier {

/// Initialises MPI (funneled threads) for the life of the object and finalises it after. One per process.
class MpiSession {
 public:
  MpiSession(int& argc, char**& argv);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

/// Throws a RuntimeError where `code` is not MPI_SUCCESS; `call` names the function.
void check_mpi(int code, const char* call);

/// An MPI datatype of `size` contiguous bytes, so that counts are counts of elements and not of bytes.
class MpiType {
 public:
  explicit MpiType(std::size_t size);
  ~MpiType();
  MpiType(const MpiType&) = delete;
  MpiType& operator=(const MpiType&) = delete;
  MPI_Datatype handle() const { return type_; }

 private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

namespace detail {
template <class T>
MPI_Datatype arithmetic_type();
enum class Reduction { min, max, sum };
}  // namespace detail

/// A group of ranks, owned: a private duplicate or split, so that no message of others is ever taken for ours.
/// Collective functions must be called by all ranks in the same order. One may outlive MPI: it is then given up, not freed.
/// Where there is one rank, reductions, broadcasts, barriers and together() call no MPI, so that any thread may use them.
class Communicator {
 public:
  static Communicator world();
  static Communicator self();

  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;
  ~Communicator();

  Rank rank() const { return rank_; }
  int size() const { return size_; }
  bool is_root() const { return rank_.value == 0; }
  /// For libraries that take one, and for messages from rank to rank.
  MPI_Comm handle() const { return comm_; }

  /// Collective. Ranks of equal `colour` form a new communicator, in the order of `key`.
  Communicator split(int colour, int key) const;
  /// Collective. A new communicator of the same ranks.
  Communicator duplicate() const;
  /// Collective. The ranks that share memory with this one; its rank() is the "rank on node".
  Communicator on_node() const;

  void barrier() const;
  /// Collective. A barrier that waits for `patience_s` seconds at most: false where some rank has not come by then, or MPI
  /// reports an error. After that the ranks are out of step, and abort() is all that is left.
  bool barrier(double patience_s) const;

  template <class T>
  void broadcast(std::span<T> values, Rank root = Rank{0}) const;
  template <class T>
  T broadcast(T value, Rank root = Rank{0}) const requires std::is_trivially_copyable_v<T>;
  std::string broadcast(std::string text, Rank root = Rank{0}) const;

  template <class T>
  T min(T value) const;
  template <class T>
  T max(T value) const;
  template <class T>
  T sum(T value) const;
  template <class T>
  void min(std::span<T> values) const;
  template <class T>
  void max(std::span<T> values) const;
  template <class T>
  void sum(std::span<T> values) const;
  bool any(bool value) const { return max<int>(value ? 1 : 0) != 0; }
  bool all(bool value) const { return min<int>(value ? 1 : 0) != 0; }

  /// Sum over the ranks below this one; 0 on rank 0.
  template <class T>
  T exclusive_sum(T value) const;
  /// The same for each element of a list of equal length on all ranks, in place.
  template <class T>
  void exclusive_sum(std::span<T> values) const;
  /// Largest value of the ranks below this one; 0 on rank 0.
  template <class T>
  T exclusive_max(T value) const;

  /// One value of every rank, in the order of ranks, on all ranks. Proportional to ranks: for the use of collectives.
  template <class T>
  std::vector<T> all_gather(const T& value) const;
  /// The same on `root` only; empty elsewhere.
  template <class T>
  std::vector<T> gather(const T& value, Rank root = Rank{0}) const;

  template <class T>
  struct Received {
    std::vector<T> values;              ///< by sender, in the order of ranks
    std::vector<std::uint64_t> counts;  ///< elements from each rank
  };
  /// Lists of any length from every rank on `root`; nothing elsewhere.
  template <class T>
  Received<T> gather(std::span<const T> values, Rank root = Rank{0}) const;
  /// Texts of every rank on `root`; empty elsewhere.
  std::vector<std::string> gather(const std::string& text, Rank root = Rank{0}) const;

  /// Sends `counts[r]` elements to rank r, taken in order from `values`. Any size: messages past the 2^31 elements of
  /// MPI are cut into pieces.
  template <class T>
  Received<T> all_to_all(std::span<const T> values, std::span<const std::uint64_t> counts) const;
  /// The same into memory of the caller's, where it is known that rank r sends `received_counts[r]` elements.
  template <class T>
  void all_to_all(std::span<const T> values, std::span<const std::uint64_t> counts, std::span<T> received,
                  std::span<const std::uint64_t> received_counts) const;
  /// Tells every rank r `counts[r]`; returns what every rank tells this one, in the order of ranks.
  std::vector<std::uint64_t> exchange_counts(std::span<const std::uint64_t> counts) const;

  /// Runs `body` on every rank; where it throws on some, throws on all, with the text of the lowest of them: UsageError
  /// where that threw one, else RuntimeError. The text names the rank unless it is rank 0: what all ranks meet, or what
  /// rank 0 does for all, then reads the same on any number of ranks.
  /// For what may fail on one rank only (files, memory): nobody is left waiting in the next collective. `body` must not
  /// call together() itself, for a rank that fails before that call would not take part in it.
  void together(const std::function<void()>& body) const;

  /// Ends all ranks at once after printing "ranvier: rank R: message" to stderr.
  [[noreturn]] void abort(const std::string& message, int code) const;

 private:
  explicit Communicator(MPI_Comm owned);
  void release() noexcept;
  void reduce(const void* in, void* out, std::size_t count, MPI_Datatype type, detail::Reduction op) const;
  template <class T>
  void exclusive(std::span<T> values, detail::Reduction op) const;
  void exclusive_scan(void* values, std::size_t count, MPI_Datatype type, detail::Reduction op) const;
  void broadcast_bytes(void* data, std::size_t bytes, Rank root) const;
  void all_gather_bytes(const void* in, void* out, std::size_t bytes) const;
  void gather_bytes(const void* in, void* out, std::size_t bytes, Rank root) const;
  void all_to_all_bytes(const void* in, std::span<const std::uint64_t> in_counts, void* out,
                        std::span<const std::uint64_t> out_counts, std::size_t element) const;

  MPI_Comm comm_ = MPI_COMM_NULL;
  Rank rank_{0};
  int size_ = 1;
};

}  // namespace ranvier

#include "comm/mpi/communicator_impl.hpp"
