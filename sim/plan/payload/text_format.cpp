// Plain text: the stamp's digits and a space, then the text.

#include "sim/plan/payload/payload_format.hpp"
#include "sim/plan/payload/value_source.hpp"

namespace gauntlet::sim {
namespace {

class text_format final : public payload_format {
 public:
  text_format(const text_payload& what, const format_setting& how)
      : text_(what.text, how.group),
        layout_{.as = how.in_payload() ? stamp_layout::encoding::hexadecimal
                                       : stamp_layout::encoding::none} {}

  void append(const message_context& of, byte_buffer& out) const override {
    if (layout_.as != stamp_layout::encoding::none) {
      out.resize(out.size() + stamp_size_digits);
      if (!text_.empty()) out.push_back(' ');
    }
    text_.append(of, out);
  }
  stamp_layout layout() const override { return layout_; }

 private:
  text_source text_;
  stamp_layout layout_;
};

}  // namespace

format_handle make_format(const text_payload& what, const format_setting& how) {
  return std::make_shared<text_format>(what, how);
}

}  // namespace gauntlet::sim
