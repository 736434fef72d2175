#pragma once

// A disk of its own for a broker: a small tmpfs that only the broker sees in place of its folder,
// so that it can be full while that of the machine is not.

#include <cstdint>
#include <filesystem>

#include "harness/base/result.hpp"

namespace gauntlet::target {

/// Holds a mount namespace in which the disk is mounted. Namespace and disk go with the last
/// process that holds them; the machine's own mounts are not touched.
class small_disk {
 public:
  /// In place of `folder`, which exists. The failure says which right is missing.
  static outcome<small_disk> make(const std::filesystem::path& folder, std::uint64_t bytes);

  small_disk(small_disk&& other) noexcept;
  small_disk& operator=(small_disk&& other) noexcept;
  ~small_disk();

  /// For setns(); belongs to this object.
  int mount_namespace() const { return namespace_; }
  /// Its files under a name that this process can use, good while this object is there.
  std::filesystem::path path() const;

  /// Takes all room that is left, in one file.
  outcome<void> fill() const;
  /// Gives it back.
  outcome<void> free() const;

 private:
  small_disk(int mount_namespace, int root) : namespace_(mount_namespace), root_(root) {}

  int namespace_ = -1;
  int root_ = -1;
};

}  // namespace gauntlet::target
