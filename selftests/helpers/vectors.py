#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The known answers of kmod/vectors.c, computed by another implementation.

    vectors.py            print the table
    vectors.py --check    fail unless it is what is in kmod/vectors.c

What RFCs say is given here as well, and has to be what comes out. Where they have
no ESP packet of an algorithm, theirs are keys and plaintext of other vectors.
"""

import hmac
import os
import sys
import warnings

warnings.simplefilter("ignore")  # 3DES is deprecated

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../kmod/vectors.c")
BEGIN = "/* selftests/helpers/vectors.py made these: */\n"
END = "/* end of what it made */\n"

HASHES = {"HMAC_MD5_96": ("md5", 12), "HMAC_SHA1_96": ("sha1", 12),
          "HMAC_SHA2_256_128": ("sha256", 16), "HMAC_SHA2_384_192": ("sha384", 24),
          "HMAC_SHA2_512_256": ("sha512", 32)}


def cbc(algorithm):
    def encrypt(key, iv, plain):
        context = Cipher(algorithm(key), modes.CBC(iv)).encryptor()
        return context.update(plain) + context.finalize()
    return encrypt


def ctr(key, iv, plain):
    context = Cipher(algorithms.AES(key[:-4]),
                     modes.CTR(key[-4:] + iv + b"\0\0\0\1")).encryptor()
    return context.update(plain) + context.finalize()


CIPHERS = {"NULL": lambda key, iv, plain: plain, "AES_CBC": cbc(algorithms.AES),
           "3DES_CBC": cbc(algorithms.TripleDES), "AES_CTR": ctr}


def combined(cipher, key, iv, aad, plain, icv):
    nonce = key[-4:] + iv
    if cipher == "CHACHA20_POLY1305":
        return ChaCha20Poly1305(key[:-4]).encrypt(nonce, plain, aad)
    if cipher == "AES_GMAC":
        return plain + AESGCM(key[:-4]).encrypt(nonce, b"", aad + iv + plain)
    sealed = AESGCM(key[:-4]).encrypt(nonce, plain, aad)
    return sealed[:len(plain) + icv]


def seal(v):
    """Everything after the IV."""
    spi, seq = v["spi"].to_bytes(4, "big"), v["seq"].to_bytes(8, "big")
    high, low = seq[:4] if v["esn"] else b"", seq[4:]
    if not v["auth"]:
        return combined(v["cipher"], v["key"], v["iv"], spi + high + low, v["plain"], v["icv"])
    sealed = CIPHERS[v["cipher"]](v["key"], v["iv"], v["plain"])
    name, size = HASHES[v["auth"]]
    covered = spi + low + v["iv"] + sealed + high
    return sealed + hmac.digest(v["auth_key"], covered, name)[:size]


VECTORS = []


def vector(source, cipher, key, iv, plain, auth="", auth_key="", spi=0x4321, seq=1, icv=16,
           esn=False, says=""):
    v = {"source": source, "cipher": cipher, "key": bytes.fromhex(key), "spi": spi,
         "iv": bytes.fromhex(iv), "plain": plain if isinstance(plain, bytes) else
         bytes.fromhex(plain), "auth": auth, "auth_key": bytes.fromhex(auth_key), "seq": seq,
         "icv": icv, "esn": esn}
    v["sealed"] = seal(v)
    if bytes.fromhex(says) not in v["sealed"]:
        sys.exit(f"{source}: {cipher} {auth}: says {says}, is {v['sealed'].hex()}")
    VECTORS.append(v)


# RFC 2202 and RFC 4868 2.7: 50 bytes of 0xdd, of which eight are SPI and number
def digest(source, auth, key, says):
    vector(source, "NULL", "", "", "dd" * 42, auth, key, spi=0xdddddddd, seq=0xdddddddd,
           says=says)


digest("RFC 2202 2, case 3", "HMAC_MD5_96", "aa" * 16, "56be34521d144c88dbb8c733")
digest("RFC 2202 3, case 3", "HMAC_SHA1_96", "aa" * 20, "125d7342b9ac11cd91a39af4")
SHA256 = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
digest("RFC 4868 2.7.2.1, AUTH256-3", "HMAC_SHA2_256_128", "aa" * 32,
       "cdcb1220d1ecccea91e53aba3092f962")
digest("RFC 4868 2.7.2.2, AUTH384-3", "HMAC_SHA2_384_192", "aa" * 48,
       "809f439be00274321d4a538652164b53554a508184a0c316")
digest("RFC 4868 2.7.2.3, AUTH512-3", "HMAC_SHA2_512_256", "aa" * 64,
       "2ee7acd783624ca9398710f3ee05ae41b9f9b0510c87e49e586cc9bf961733d8")

# RFC 3602 4, case 5
PING = ("08000ebda70a00008e9c083db95b0700" + bytes(range(8, 0x38)).hex() +
        "0102030405060708090a0b0c0d0e0e01")
CBC_IV = "e96e8c08ab465763fd098d45dd3ff893"
vector("RFC 3602 4, case 5", "AES_CBC", "90d382b410eeba7ad938c46cec1a82bf", CBC_IV, PING,
       "HMAC_SHA2_256_128", SHA256,
       says="f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db08"
            "0b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6")
# NIST SP 800-38A F.2.3, F.2.5
BLOCKS = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
vector("NIST SP 800-38A F.2.3", "AES_CBC", "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
       bytes(range(16)).hex(), BLOCKS, "HMAC_SHA2_256_128", SHA256,
       says="4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a")
KEY_256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
vector("NIST SP 800-38A F.2.5", "AES_CBC", KEY_256, bytes(range(16)).hex(), BLOCKS,
       "HMAC_SHA2_256_128", SHA256,
       says="f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d")
vector("NIST SP 800-38A F.2.5, RFC 4303", "AES_CBC", KEY_256, bytes(range(16)).hex(), BLOCKS,
       "HMAC_SHA2_256_128", SHA256, seq=0x100000002, esn=True)

# NIST SP 800-67: its key
vector("NIST SP 800-67, RFC 2451", "3DES_CBC",
       "0123456789abcdef23456789abcdef01456789abcdef0123", "f69f2445df4f9b17", BLOCKS,
       "HMAC_SHA2_256_128", SHA256)

# RFC 3686 6: the first vector of each key length
for case, key, iv, says in (
        (1, "ae6852f8121067cc4bf7a5765577f39e00000030", "0000000000000000",
         "e4095d4fb7a7b3792d6175a3261311b8"),
        (4, "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb7851500000048", "36733c147d6d93cb",
         "4b55384fe259c9c84e7935a003cbe928"),
        (7, "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c10400000060",
         "db5672c97aa8f0b2", "145ad01dbf824ec7560863dc71e3e0c0")):
    vector(f"RFC 3686 6, vector {case}", "AES_CTR", key, iv, b"Single block msg",
           "HMAC_SHA2_256_128", SHA256, says=says)

# draft-mcgrew-gcm-test-01, the test vectors of RFC 4106
DNS = ("4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000010000000000000373"
       "6970096379626572636974790264 6b0000010001 0001")
GCM_128 = "feffe9928665731c6d6a8f9467308308cafebabe"
SAYS_128 = ("deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c3de81827c10e9a4f"
            "51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd1")
for icv, tag in ((16, "83b70d3aa8bc6ee4c309e9d85a41ad4a"), (12, "83b70d3aa8bc6ee4c309e9d8"),
                 (8, "83b70d3aa8bc6ee4")):
    vector("draft-mcgrew-gcm-test-01", "AES_GCM", GCM_128, "facedbaddecaf888", DNS, spi=0xa5f8,
           seq=10, icv=icv, says=SAYS_128 + tag)
SYN = ("4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000 7002400020bf00000204"
       "05b40101040201020201")
GCM_256 = "abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344"
vector("draft-mcgrew-gcm-test-01", "AES_GCM", GCM_256, "0102030405060708", SYN, spi=0x4a2cbfe3,
       seq=2, says="ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985"
                   "771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c4915956c96")
GCM_192 = GCM_256[:48] + "11223344"
vector("RFC 4106", "AES_GCM", GCM_192, "0102030405060708", SYN, spi=0x4a2cbfe3, seq=2)
vector("RFC 4106, RFC 4303", "AES_GCM", GCM_256, "0102030405060708", SYN, spi=0x4a2cbfe3,
       seq=0x8765432100000000, esn=True)

for key in (GCM_128, GCM_192, GCM_256):
    vector("RFC 4543", "AES_GMAC", key, "facedbaddecaf888", DNS, spi=0xa5f8, seq=10)
vector("RFC 4543, RFC 4303", "AES_GMAC", GCM_128, "facedbaddecaf888", DNS, spi=0xa5f8,
       seq=0x300000001, esn=True)

# RFC 7634 appendix A
CHACHA = bytes(range(0x80, 0xa0)).hex() + "a0a1a2a3"
ECHO = ("45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d"
        "0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637"
        "01020204")
vector("RFC 7634 A", "CHACHA20_POLY1305", CHACHA, "1011121314151617", ECHO, spi=0x01020304,
       seq=5,
       says="24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61"
            "aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165"
            "b82829f641e076aaa8266b7fb0f7b11b369907e1ad43")
vector("RFC 7634, RFC 4303", "CHACHA20_POLY1305", CHACHA, "1011121314151617", ECHO,
       spi=0x01020304, seq=0xffffffff00000005, esn=True)


def literal(name, data):
    if not data:
        return ""
    lines = [data[at:at + 16] for at in range(0, len(data), 16)]
    text = "\n".join('\t\t\t"' + "".join(f"\\x{byte:02x}" for byte in line) + '"'
                     for line in lines)
    return f"\t\t.{name} = {{\n{text},\n\t\t\t{len(data)}\n\t\t}},\n"


def table():
    text = ""
    for v in VECTORS:
        text += f"\t{{\n\t\t.source = \"{v['source']}\",\n"
        text += f"\t\t.cipher = CRYPTO_MAP_CIPHER_{v['cipher']},\n"
        text += f"\t\t.auth = CRYPTO_MAP_AUTH_{v['auth'] or 'NONE'},\n"
        if not v["auth"]:
            text += f"\t\t.icv = {v['icv']},\n"
        if v["esn"]:
            text += "\t\t.esn = true,\n"
        text += f"\t\t.spi = 0x{v['spi']:08x},\n\t\t.seq = 0x{v['seq']:x},\n"
        text += literal("enc", v["key"]) + literal("auth_key", v["auth_key"])
        text += literal("iv", v["iv"]) + literal("plain", v["plain"])
        text += literal("sealed", v["sealed"]) + "\t},\n"
    return text


def main():
    if sys.argv[1:] == ["--check"]:
        with open(TABLE, encoding="ascii") as file:
            found = file.read()
        if BEGIN + table() + END not in found:
            sys.exit(f"{TABLE} is not what {sys.argv[0]} prints")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        print(BEGIN + table() + END, end="")


main()
