"""What is compressed block by block is a plain stream of the whole content."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials.deflate_blocks import BLOCK_BYTES, DeflatedBlocks

SIZES = (1, 5, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 77)


def assert_is_plain(blocks, content):
    assert blocks.content == content
    assert zlib.decompress(blocks.zlib_stream()) == content
    assert gzip.decompress(blocks.gzip_stream()) == content


@pytest.mark.parametrize("size", SIZES)
def test_untouched_bytes_are_zero(size):
    blocks = DeflatedBlocks(size)
    assert len(blocks) == size
    assert_is_plain(blocks, bytes(size))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.sampled_from(SIZES), st.data())
def test_any_changes_in_any_order_give_a_plain_stream(size, data):
    blocks, content = DeflatedBlocks(size), bytearray(size)
    change = st.tuples(st.integers(0, size - 1), st.integers(0, 255))
    for changes in data.draw(st.lists(st.lists(change, max_size=20), max_size=5)):
        for offset, value in changes:
            blocks[offset] = content[offset] = value
            assert blocks[offset] == value
        if data.draw(st.booleans()):
            blocks.compress_thoroughly()
        assert_is_plain(blocks, bytes(content))


def test_large_values_do_not_overflow_the_checksums():
    size = 40 * BLOCK_BYTES + 3
    blocks = DeflatedBlocks(size)
    for offset in range(size):
        blocks[offset] = 255
    assert_is_plain(blocks, b"\xff" * size)
    blocks[0] = blocks[size - 1] = 7
    assert_is_plain(blocks, b"\x07" + b"\xff" * (size - 2) + b"\x07")


def test_a_change_leaves_the_other_blocks_as_they_were():
    blocks = DeflatedBlocks(8 * BLOCK_BYTES)
    blocks.zlib_stream()
    before = list(blocks._deflated)
    blocks[3 * BLOCK_BYTES + 5] = 9
    blocks.zlib_stream()
    changed = [
        number
        for number, (old, new) in enumerate(zip(before, blocks._deflated, strict=True))
        if old is not new
    ]
    assert changed == [3]


def test_a_value_that_stays_changes_nothing():
    blocks = DeflatedBlocks(2 * BLOCK_BYTES)
    first = blocks.zlib_stream()
    blocks[7] = 0
    assert not blocks._changed
    assert blocks.zlib_stream() == first


def test_thorough_compression_saves_room():
    blocks = DeflatedBlocks(16 * BLOCK_BYTES)
    for offset in range(0, len(blocks), 37):
        blocks[offset] = 1 << offset % 7
    content, hasty = blocks.content, blocks.zlib_stream()
    blocks.compress_thoroughly()
    thorough = blocks.zlib_stream()
    assert zlib.decompress(thorough) == content
    assert len(thorough) < len(hasty)
    # What changes afterwards is compressed in haste again, the rest stays.
    blocks[0] ^= 255
    assert zlib.decompress(blocks.zlib_stream()) == blocks.content
    assert len(blocks.zlib_stream()) < len(hasty)


def test_an_offset_outside_is_refused():
    blocks = DeflatedBlocks(3)
    with pytest.raises(IndexError):
        blocks[3] = 1
