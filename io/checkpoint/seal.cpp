#include "io/checkpoint/seal.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <span>
#include <vector>

#include "core/base/error.hpp"
#include "io/files/descriptor.hpp"
#include "io/files/guard.hpp"
#include "io/hdf5/file.hpp"

namespace ranvier::checkpoint {
namespace {

constexpr std::uint64_t piece = std::uint64_t{4} << 20;
constexpr std::string_view first_line = "Ranvier checkpoint";
constexpr std::size_t hash_digits = 32;

using Digest = XXH128_canonical_t;  // 16 bytes, the same on every machine

Digest digest_of(const void* data, std::size_t bytes) {
  Digest digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits(data, bytes));
  return digest;
}

/// Pieces number part, part + parts, part + 2 parts, ... of the bytes from `begin` to the end.
std::vector<Digest> digests(const std::string& path, std::uint64_t begin, int part, int parts) {
  const Descriptor file = open_for_reading(path);
  const std::uint64_t end = hdf5::file_size(path);
  std::vector<Digest> list;
  std::vector<char> buffer(std::min(piece, end > begin ? end - begin : 0));
  for (std::uint64_t at = begin + static_cast<std::uint64_t>(part) * piece; at < end;
       at += static_cast<std::uint64_t>(parts) * piece) {
    const std::uint64_t bytes = std::min(piece, end - at);
    read_at(file, path, at, bytes, buffer.data());
    list.push_back(digest_of(buffer.data(), bytes));
    guard::progress();
  }
  return list;
}

std::string hexadecimal(const Digest& digest) {
  std::string text;
  for (const unsigned char byte : digest.digest) text += fmt::format("{:02x}", byte);
  return text;
}

/// Digests of all pieces, from those of each rank one after the other.
std::string combine(const std::vector<Digest>& by_rank, int ranks) {
  const std::size_t pieces = by_rank.size();
  std::vector<Digest> in_order(pieces);
  std::size_t next = 0;
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(ranks); ++rank)
    for (std::size_t k = rank; k < pieces; k += static_cast<std::size_t>(ranks)) in_order[k] = by_rank[next++];
  return hexadecimal(digest_of(in_order.data(), pieces * sizeof(Digest)));
}

std::string seal_text(std::uint64_t size, const std::string& hash) {
  std::string text = fmt::format("{}, schema {}\nHDF5 begins at byte {}\nbytes {}\nxxh3-128 {}\n", first_line,
                                 schema_version, seal_bytes, size, hash);
  text.resize(seal_bytes, '\0');
  return text;
}

std::string read_seal(const std::string& path) {
  const Descriptor file = open_for_reading(path);
  std::string text(seal_bytes, '\0');
  if (hdf5::file_size(path) < seal_bytes) return {};
  read_at(file, path, 0, seal_bytes, text.data());
  return text;
}

struct Seal {
  std::string problem;  ///< empty where all is well but for the hash, which remains to be compared
  std::string hash;
};

/// For every size and hash there is one seal, so that any other text is wrong.
Seal check_seal(const std::string& path) {
  const std::string seal = read_seal(path);
  const std::string head = fmt::format("{}, schema ", first_line);
  if (!seal.starts_with(head)) return {"it is not a checkpoint, or it is incomplete", ""};
  const std::string schema = seal.substr(head.size(), seal.find('\n') - head.size());
  if (schema != std::to_string(schema_version))
    return {fmt::format("it has schema {}, but this version reads schema {}", schema, schema_version), ""};
  const std::uint64_t size = hdf5::file_size(path);
  const std::string blank(hash_digits, '?');
  const std::size_t hash_at = seal_text(size, blank).find(blank);
  const std::string hash = seal.substr(hash_at, hash_digits);
  if (seal != seal_text(size, hash)) return {fmt::format("its seal does not belong to a file of {} bytes", size), ""};
  return {"", hash};
}

std::string compare(const std::string& expected, const std::string& found) {
  return expected == found ? "" : "its contents have changed since it was written";
}

}  // namespace

std::string hash_file(const std::string& path, std::uint64_t begin) { return combine(digests(path, begin, 0, 1), 1); }

std::string hash_file(const std::string& path, std::uint64_t begin, const Communicator& comm) {
  std::vector<Digest> mine;
  comm.together([&] { mine = digests(path, begin, comm.rank().value, comm.size()); });
  const auto all = comm.gather(std::span<const Digest>(mine));
  return comm.broadcast(comm.is_root() ? combine(all.values, comm.size()) : std::string());
}

void write_seal(const std::string& path, const Communicator& comm) {
  const std::string hash = hash_file(path, seal_bytes, comm);
  comm.together([&] {
    if (!comm.is_root()) return;
    const std::string seal = seal_text(hdf5::file_size(path), hash);
    write_at(open_for_writing(path), path, 0, seal.size(), seal.data());
    sync(path);
  });
}

std::string problem_with(const std::string& path, const Communicator& comm) {
  Seal seal;
  comm.together([&] { seal = check_seal(path); });
  return seal.problem.empty() ? compare(seal.hash, hash_file(path, seal_bytes, comm)) : seal.problem;
}

std::string problem_with(const std::string& path) {
  const Seal seal = check_seal(path);
  return seal.problem.empty() ? compare(seal.hash, hash_file(path, seal_bytes)) : seal.problem;
}

bool looks_like_checkpoint(const std::string& path) {
  try {
    return read_seal(path).starts_with(first_line);
  } catch (const RuntimeError&) {
    return false;
  }
}

}  // namespace ranvier::checkpoint
