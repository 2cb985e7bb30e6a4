"""Files as people hand them in, and files as nobody should."""

import struct
import zlib

EOF = b"\nstartxref\n9\n%%EOF\n"


def a_pdf(body=b"1 0 obj\n<< /Type /Catalog >>\nendobj", *, head=b"%PDF-1.7\n"):
    return head + body + EOF


def a_stream(dictionary, content):
    return b"4 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj" % (dictionary, content)


def an_object_stream(objects, *, dictionary=b"/Type /ObjStm /Filter /FlateDecode"):
    return a_pdf(a_stream(dictionary, zlib.compress(b"5 0 6 9 " + objects)))


def a_chunk(name, content):
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def a_png(width=2, height=1):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + a_chunk(b"IHDR", header)
        + a_chunk(b"IDAT", zlib.compress(b"\x00\x01\x02"))
        + a_chunk(b"IEND", b"")
    )


def a_jpeg(width=3, height=2, *, marker=0xC0, before=b""):
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + before
        + bytes([0xFF, marker])
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34"
        + b"\xff\xd9"
    )


def a_zip_end(comment=b""):
    return b"PK\x05\x06" + bytes(16) + struct.pack("<H", len(comment)) + comment
