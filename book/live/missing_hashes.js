// What hashes passwords in Pyodide, which has no OpenSSL.
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

const HASHES = { sha1, sha256, sha512 };
const MAX_MEMORY = 2 ** 30; // bytes

/** Make of a function of byte arrays one that Python calls with bytes. */
const forPython = (compute) => (...values) => {
  const plain = values.map((value) => (value?.toJs ? value.toJs() : value));
  return compute(...plain);
};

export const hashScrypt = forPython((password, salt, N, r, p, dkLen) =>
  scrypt(password, salt, { N, r, p, dkLen, maxmem: MAX_MEMORY }),
);

export const hashPbkdf2 = forPython((name, password, salt, c, dkLen) =>
  pbkdf2(HASHES[name], password, salt, { c, dkLen }),
);
