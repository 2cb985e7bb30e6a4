// Reads jobs as JSON from stdin, does each with the library that it names, and writes
// the answers as JSON to stdout. Nothing is fetched: status lists and type metadata
// come with the job.
import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { ES256, digest, generateSalt } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import * as jose from "jose";

// The library leaves Ed25519 to whoever uses it.
const EdDSA = {
  async getVerifier(jwk) {
    const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
    return async (data, signature) =>
      crypto.verify(null, Buffer.from(data), key, Buffer.from(signature, "base64url"));
  },
  async getSigner(jwk) {
    const key = crypto.createPrivateKey({ key: jwk, format: "jwk" });
    return async (data) =>
      crypto.sign(null, Buffer.from(data), key).toString("base64url");
  },
};
const suites = { ES256, EdDSA };

async function verifyWithJose({ token, jwk, alg, typ, now }) {
  const key = await jose.importJWK(jwk, alg);
  const currentDate = new Date(now * 1000);
  const options = { algorithms: [alg], typ, currentDate };
  const { payload } = await jose.jwtVerify(token.split("~")[0], key, options);
  return payload;
}

async function signWithJose({ claims, jwk, alg, typ, kid }) {
  const key = await jose.importJWK(jwk, alg);
  const header = { alg, typ, kid };
  return await new jose.SignJWT(claims).setProtectedHeader(header).sign(key);
}

function integrityOf(text) {
  return "sha256-" + crypto.createHash("sha256").update(text).digest("base64");
}

async function verifyWithSDJWT(job) {
  const { token, jwk, alg, now, nonce, statusList, typeMetadata } = job;
  const instance = new SDJwtVcInstance({
    hasher: digest,
    hashAlg: "sha-256",
    signAlg: alg,
    verifier: await suites[alg].getVerifier(jwk),
    kbVerifier: async (data, signature, payload) => {
      const holder = payload.cnf.jwk;
      const suite = suites[holder.kty === "OKP" ? "EdDSA" : "ES256"];
      return (await suite.getVerifier(holder))(data, signature);
    },
    statusListFetcher: async () => statusList,
    loadTypeMetadataFormat: Boolean(typeMetadata),
    // The library's own fetcher compares hexadecimal digests with the base64 of SRI.
    vctFetcher: async (vct, integrity) => {
      if (integrity !== integrityOf(typeMetadata)) throw new Error("integrity");
      return JSON.parse(typeMetadata);
    },
  });
  const options = { currentDate: now, keyBindingNonce: nonce };
  const result = await instance.verify(token, options);
  if (typeMetadata && result.typeMetadata.vctValues[0] !== result.payload.vct) {
    throw new Error("another type");
  }
  return result.payload;
}

async function signWithSDJWT({ claims, frame, jwk, alg, show, holder, proof }) {
  const instance = new SDJwtVcInstance({
    hasher: digest,
    hashAlg: "sha-256",
    saltGenerator: generateSalt,
    signAlg: alg,
    signer: await suites[alg].getSigner(jwk),
    kbSignAlg: "ES256",
    kbSigner: holder && (await ES256.getSigner(holder)),
  });
  const issued = await instance.issue(claims, frame);
  if (!show) return issued;
  return await instance.present(issued, show, proof && { kb: { payload: proof } });
}

const work = { verifyWithJose, signWithJose, verifyWithSDJWT, signWithSDJWT };
const answers = [];
for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push({ result: await work[job.work](job) });
  } catch (error) {
    answers.push({ error: `${error.name}: ${error.message}` });
  }
}
process.stdout.write(JSON.stringify(answers));
