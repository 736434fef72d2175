// Documents. What is the same in all messages is written once, when the plan is made: a message is
// fixed bytes with values between them.

#include <utility>
#include <vector>

#include "sim/plan/payload/document_writer.hpp"
#include "sim/plan/payload/payload_format.hpp"
#include "sim/plan/payload/value_source.hpp"

namespace gauntlet::sim {
namespace {

class document final : public payload_format {
 public:
  document(const document_payload& what, const format_setting& how) : writer_(writer_of(what.as)) {
    if (how.in_payload()) {
      layout_ = {.offset = writer_.open_stamped(what.root.children.size(), fixed_),
                 .as = writer_.stamp_encoding()};
    } else {
      layout_.as = stamp_layout::encoding::none;
      writer_.open_object(what.root.children.size(), fixed_);
    }
    add_members(what.root, how.in_payload(), how.group);
    writer_.close_object(fixed_);
    tail_ = std::move(fixed_);
  }

  void append(const message_context& of, byte_buffer& out) const override {
    value_digits digits;
    for (const step& each : steps_) {
      out.insert(out.end(), each.before.begin(), each.before.end());
      if (const text_source* text = each.source.text()) {
        const std::size_t begin = out.size();
        text->append(of, out);
        writer_.seal_text(out, begin);
      } else {
        writer_.put(each.source.value(of, digits), out);
      }
    }
    out.insert(out.end(), tail_.begin(), tail_.end());
  }
  stamp_layout layout() const override { return layout_; }

 private:
  /// Fixed bytes, then a value.
  struct step {
    byte_buffer before;
    value_source source;
  };

  void add_members(const document_node& object, bool follows_another, const group_parts& group) {
    for (std::size_t i = 0; i < object.children.size(); ++i) {
      if (i > 0 || follows_another) writer_.next(fixed_);
      writer_.name(object.names[i], fixed_);
      add(object.children[i], group);
    }
  }

  void add(const document_node& node, const group_parts& group) {
    switch (node.is) {
      case document_node::shape::object:
        writer_.open_object(node.children.size(), fixed_);
        add_members(node, false, group);
        writer_.close_object(fixed_);
        return;
      case document_node::shape::list:
        writer_.open_list(node.children.size(), fixed_);
        for (std::size_t i = 0; i < node.children.size(); ++i) {
          if (i > 0) writer_.next(fixed_);
          add(node.children[i], group);
        }
        writer_.close_list(fixed_);
        return;
      case document_node::shape::value:
        return add_value(node.value, group);
    }
  }

  void add_value(const value_generator& made, const group_parts& group) {
    const std::uint32_t number = values_++;
    const auto* constant = std::get_if<constant_value>(&made);
    if (constant != nullptr && !constant->is_text) {
      return writer_.put(parse_literal(constant->literal), fixed_);
    }
    steps_.push_back({std::exchange(fixed_, {}), value_source(made, number, group)});
  }

  const document_writer& writer_;
  stamp_layout layout_;
  std::vector<step> steps_;
  byte_buffer fixed_;  // written since the last value; empty once all is made
  byte_buffer tail_;
  std::uint32_t values_ = 0;
};

}  // namespace

const document_writer& writer_of(document_format format) {
  switch (format) {
    case document_format::json:
      return json_writer();
    case document_format::cbor:
      return cbor_writer();
    case document_format::messagepack:
      break;
  }
  return messagepack_writer();
}

format_handle make_format(const document_payload& what, const format_setting& how) {
  return std::make_shared<document>(what, how);
}

}  // namespace gauntlet::sim
