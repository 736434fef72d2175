// Files in turn; the stamp comes after their bytes.

#include "sim/plan/payload/payload_format.hpp"

namespace gauntlet::sim {
namespace {

class file_format final : public payload_format {
 public:
  file_format(const file_payload& what, const format_setting& how)
      : contents_(what.contents), layout_(layout_at_end(how)) {}

  void append(const message_context& of, byte_buffer& out) const override {
    const byte_buffer& file = (*contents_)[of.carries.sequence % contents_->size()];
    out.insert(out.end(), file.begin(), file.end());
    out.resize(out.size() + layout_.size());
  }
  stamp_layout layout() const override { return layout_; }

 private:
  std::shared_ptr<const std::vector<byte_buffer>> contents_;
  stamp_layout layout_;
};

}  // namespace

format_handle make_format(const file_payload& what, const format_setting& how) {
  return std::make_shared<file_format>(what, how);
}

}  // namespace gauntlet::sim
