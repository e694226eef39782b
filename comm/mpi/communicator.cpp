#include "comm/mpi/communicator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/expect.hpp"
#include "core/base/launcher.hpp"
#include "core/base/memory.hpp"

namespace ranvier {
namespace {

/// Bytes of one message where a transfer must be cut: below every limit of `int`.
constexpr std::size_t piece_bytes = std::size_t{1} << 30;

MPI_Op operation(detail::Reduction op) {
  switch (op) {
    case detail::Reduction::min: return MPI_MIN;
    case detail::Reduction::max: return MPI_MAX;
    case detail::Reduction::sum: return MPI_SUM;
  }
  return MPI_OP_NULL;
}

int to_int(std::size_t count, const char* call) {
  if (count > 0x7fffffffU) throw RuntimeError(fmt::format("{}: {} elements are more than MPI can count", call, count));
  return static_cast<int>(count);
}

std::vector<int> displacements(std::span<const std::uint64_t> counts) {
  std::vector<int> result(counts.size());
  std::uint64_t sum = 0;
  for (std::size_t r = 0; r < counts.size(); ++r) {
    result[r] = static_cast<int>(sum);
    sum += counts[r];
  }
  return result;
}

/// Whether MPI has been finalised: after that nothing can be given back to it, nor has to be.
bool has_ended() noexcept {
  int finalized = 0;
  MPI_Finalized(&finalized);
  return finalized != 0;
}

/// Without a launcher too, Open MPI starts a daemon and looks for networks, which takes a third of a second. These settings
/// leave both out, and with the daemon the folders, which processes without one would share. What the user has set stays.
/// Other implementations of MPI do not read them.
void settle_for_one_process() {
  if (launcher_rank()) return;
  constexpr std::pair<const char*, const char*> settings[] = {{"OMPI_MCA_ess_singleton_isolated", "1"},
                                                              {"OMPI_MCA_orte_create_session_dirs", "0"},
                                                              {"OMPI_MCA_sharedfp", "individual"},
                                                              {"OMPI_MCA_pml", "ob1"},
                                                              {"OMPI_MCA_btl", "self"}};
  for (const auto& [name, value] : settings) ::setenv(name, value, 0);
}

}  // namespace

MpiSession::MpiSession(int& argc, char**& argv) {
  settle_for_one_process();
  int provided = MPI_THREAD_SINGLE;
  if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
    throw RuntimeError("MPI could not be initialised; start with mpirun, or as a single process");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
}

MpiSession::~MpiSession() {
  if (!has_ended()) MPI_Finalize();
}

void check_mpi(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  int rank = -1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  throw RuntimeError(fmt::format("{} failed on rank {} ({})", call, rank, std::string_view(text, length)));
}

MpiType::MpiType(std::size_t size) {
  check_mpi(MPI_Type_contiguous(to_int(size, "MPI_Type_contiguous"), MPI_BYTE, &type_), "MPI_Type_contiguous");
  check_mpi(MPI_Type_commit(&type_), "MPI_Type_commit");
}

MpiType::~MpiType() {
  if (type_ != MPI_DATATYPE_NULL && !has_ended()) MPI_Type_free(&type_);
}

Communicator::Communicator(MPI_Comm owned) : comm_(owned) {
  check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(comm_, &rank_.value), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
}

Communicator::Communicator(Communicator&& other) noexcept
    : comm_(std::exchange(other.comm_, MPI_COMM_NULL)), rank_(other.rank_), size_(other.size_) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  if (this == &other) return *this;
  release();
  comm_ = std::exchange(other.comm_, MPI_COMM_NULL);
  rank_ = other.rank_;
  size_ = other.size_;
  return *this;
}

Communicator::~Communicator() { release(); }

void Communicator::release() noexcept {
  if (comm_ != MPI_COMM_NULL && !has_ended()) MPI_Comm_free(&comm_);
}

Communicator Communicator::world() {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &copy), "MPI_Comm_dup");
  return Communicator(copy);
}

Communicator Communicator::self() {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_SELF, &copy), "MPI_Comm_dup");
  return Communicator(copy);
}

Communicator Communicator::split(int colour, int key) const {
  MPI_Comm part = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(comm_, colour, key, &part), "MPI_Comm_split");
  return Communicator(part);
}

Communicator Communicator::duplicate() const {
  MPI_Comm copy = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(comm_, &copy), "MPI_Comm_dup");
  return Communicator(copy);
}

Communicator Communicator::on_node() const {
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_.value, MPI_INFO_NULL, &node), "MPI_Comm_split_type");
  return Communicator(node);
}

void Communicator::barrier() const {
  if (size_ > 1) check_mpi(MPI_Barrier(comm_), "MPI_Barrier");
}

bool Communicator::barrier(double patience_s) const {
  MPI_Request request = MPI_REQUEST_NULL;
  if (MPI_Ibarrier(comm_, &request) != MPI_SUCCESS) return false;
  const auto begin = Clock::now();
  for (;;) {
    int done = 0;
    if (MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
    if (done != 0) return true;
    if (seconds_since(begin) > patience_s) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::string Communicator::broadcast(std::string text, Rank root) const {
  const auto size = broadcast<std::uint64_t>(text.size(), root);
  text.resize(size);
  broadcast_bytes(text.data(), size, root);
  return text;
}

std::vector<std::string> Communicator::gather(const std::string& text, Rank root) const {
  const auto received = gather(std::span<const char>(text.data(), text.size()), root);
  std::vector<std::string> result;
  const char* begin = received.values.data();
  for (const auto count : received.counts) {
    result.emplace_back(begin, count);
    begin += count;
  }
  return result;
}

void Communicator::together(const std::function<void()>& body) const {
  std::string reason;
  bool failed = false, users_mistake = false;
  try {
    body();
  } catch (const std::exception& error) {
    failed = true;
    users_mistake = dynamic_cast<const UsageError*>(&error) != nullptr;
    reason = what_failed(error);
  }
  const int first = min<int>(failed ? rank_.value : size_);
  if (first == size_) return;
  reason = broadcast(std::move(reason), Rank{first});
  users_mistake = broadcast(users_mistake, Rank{first});
  if (first > 0) reason = fmt::format("rank {}: {}", first, reason);
  if (users_mistake) throw UsageError(reason);
  throw RuntimeError(reason);
}

void Communicator::abort(const std::string& message, int code) const {
  std::fflush(stdout);
  std::fputs(fmt::format("ranvier: rank {}: {}\n", rank_.value, message).c_str(), stderr);
  std::fflush(stderr);
  MPI_Abort(comm_, code);
  std::abort();
}

void Communicator::reduce(const void* in, void* out, std::size_t count, MPI_Datatype type, detail::Reduction op) const {
  check_mpi(MPI_Allreduce(in, out, to_int(count, "MPI_Allreduce"), type, operation(op), comm_), "MPI_Allreduce");
}

void Communicator::exclusive_scan(void* values, std::size_t count, MPI_Datatype type, detail::Reduction op) const {
  check_mpi(MPI_Exscan(MPI_IN_PLACE, values, to_int(count, "MPI_Exscan"), type, operation(op), comm_), "MPI_Exscan");
}

void Communicator::broadcast_bytes(void* data, std::size_t bytes, Rank root) const {
  if (size_ == 1) {
    RANVIER_EXPECT(root == rank_);
    return;
  }
  auto* begin = static_cast<char*>(data);
  for (std::size_t done = 0; done < bytes; done += piece_bytes) {
    const int piece = static_cast<int>(std::min(piece_bytes, bytes - done));
    check_mpi(MPI_Bcast(begin + done, piece, MPI_BYTE, root.value, comm_), "MPI_Bcast");
  }
}

void Communicator::all_gather_bytes(const void* in, void* out, std::size_t bytes) const {
  const MpiType type(bytes);
  check_mpi(MPI_Allgather(in, 1, type.handle(), out, 1, type.handle(), comm_), "MPI_Allgather");
}

void Communicator::gather_bytes(const void* in, void* out, std::size_t bytes, Rank root) const {
  const MpiType type(bytes);
  check_mpi(MPI_Gather(in, 1, type.handle(), out, 1, type.handle(), root.value, comm_), "MPI_Gather");
}

std::vector<std::uint64_t> Communicator::exchange_counts(std::span<const std::uint64_t> counts) const {
  RANVIER_EXPECT(counts.size() == static_cast<std::size_t>(size_));
  std::vector<std::uint64_t> received(static_cast<std::size_t>(size_));
  check_mpi(MPI_Alltoall(counts.data(), 1, MPI_UINT64_T, received.data(), 1, MPI_UINT64_T, comm_), "MPI_Alltoall");
  return received;
}

namespace {

/// Posts the pieces of one transfer; `post(data, bytes)` makes one request each.
template <class Post>
void in_pieces(char* data, std::size_t bytes, Post post) {
  for (std::size_t done = 0; done < bytes; done += piece_bytes)
    post(data + done, static_cast<int>(std::min(piece_bytes, bytes - done)));
}

/// Every pair of ranks in turn, in pieces: slower than MPI_Alltoallv, and without its limits.
void all_to_all_in_pieces(MPI_Comm comm, int rank, const char* in, std::span<const std::uint64_t> in_counts, char* out,
                          std::span<const std::uint64_t> out_counts, std::size_t element) {
  const int size = static_cast<int>(in_counts.size());
  std::vector<std::size_t> in_begin(in_counts.size() + 1, 0), out_begin(in_counts.size() + 1, 0);
  for (std::size_t r = 0; r < in_counts.size(); ++r) {
    in_begin[r + 1] = in_begin[r] + in_counts[r] * element;
    out_begin[r + 1] = out_begin[r] + out_counts[r] * element;
  }
  for (int step = 0; step < size; ++step) {
    const int to = (rank + step) % size, from = (rank - step + size) % size;
    std::vector<MPI_Request> requests;
    in_pieces(out + out_begin[from], out_begin[from + 1] - out_begin[from], [&](char* data, int bytes) {
      check_mpi(MPI_Irecv(data, bytes, MPI_BYTE, from, 0, comm, &requests.emplace_back()), "MPI_Irecv");
    });
    in_pieces(const_cast<char*>(in) + in_begin[to], in_begin[to + 1] - in_begin[to], [&](char* data, int bytes) {
      check_mpi(MPI_Isend(data, bytes, MPI_BYTE, to, 0, comm, &requests.emplace_back()), "MPI_Isend");
    });
    check_mpi(MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
  }
}

}  // namespace

void Communicator::all_to_all_bytes(const void* in, std::span<const std::uint64_t> in_counts, void* out,
                                    std::span<const std::uint64_t> out_counts, std::size_t element) const {
  std::uint64_t in_total = 0, out_total = 0;
  for (const auto n : in_counts) in_total += n;
  for (const auto n : out_counts) out_total += n;
  if (max(std::max(in_total, out_total) * element) > piece_bytes) {
    all_to_all_in_pieces(comm_, rank_.value, static_cast<const char*>(in), in_counts, static_cast<char*>(out),
                         out_counts, element);
    return;
  }
  const MpiType type(element);
  const std::vector<int> send(in_counts.begin(), in_counts.end()), receive(out_counts.begin(), out_counts.end());
  check_mpi(MPI_Alltoallv(in, send.data(), displacements(in_counts).data(), type.handle(), out, receive.data(),
                          displacements(out_counts).data(), type.handle(), comm_),
            "MPI_Alltoallv");
}

}  // namespace ranvier
