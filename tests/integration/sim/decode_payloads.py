"""Decodes payloads with programs that share no line with Gauntlet, and compares what they read.

Each line of the standard input holds the same message as JSON, CBOR, MessagePack and in a binary
layout, in hexadecimal digits. Prints how many messages agree, or the first that does not.
"""

import json
import struct
import subprocess
import sys

import cbor2
import msgpack


def plain(value):
    """Byte strings as the digits that JSON has for them."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def check(number, parts, from_jq):
    in_cbor = plain(cbor2.loads(parts[1]))
    in_messagepack = plain(msgpack.unpackb(parts[2]))
    for name, found in (("CBOR", in_cbor), ("MessagePack", in_messagepack)):
        if found != from_jq:
            sys.exit(f"message {number}: {name} says {found}, jq says {from_jq}")
    if list(from_jq)[0] != "_g":
        sys.exit(f"message {number}: the stamp is not the first member")
    # Fields without alignment, then the stamp of 36 bytes.
    t, big, whole, ratio, flags, tag = struct.unpack(">HqifB4s", parts[3][:23])
    values = from_jq["values"]
    expected = (b"GNT1", round(values[0] * 100), values[1], values[2])
    if (tag, t, big, whole) != expected:
        sys.exit(f"message {number}: the layout says {(tag, t, big, whole)}, not {expected}")
    if abs(ratio - values[3]) > 1e-3 or (flags >> 4, flags & 15) != (values[4], 9):
        sys.exit(f"message {number}: the layout says {ratio}, {flags:#x}, not {values[3:]}")
    little = struct.unpack("<hd", parts[3][23:33])
    if little != (-2, 0.25) or len(parts[3]) != 33 + 36:
        sys.exit(f"message {number}: the little endian end is {little}")


lines = [[bytes.fromhex(part) for part in line.split()] for line in sys.stdin]
jq = subprocess.run(["jq", "-c", "."], input=b"\n".join(parts[0] for parts in lines),
                    stdout=subprocess.PIPE, check=True)
decoded = [json.loads(line) for line in jq.stdout.splitlines()]
if len(decoded) != len(lines):
    sys.exit(f"jq read {len(decoded)} of {len(lines)} messages")
for number, parts in enumerate(lines):
    check(number, parts, decoded[number])
print(f"{len(lines)} messages agree")
