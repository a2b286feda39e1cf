"""Objects of S3-compatible stores, and the signature of requests."""

import hashlib
import unittest
from datetime import datetime

import fetching
from sources.signature import Credentials, authorization
from stand_in import BUCKET, KEY, SECRET

MODEL = {"chat/params.json": b"{}", "chat/tekken.json": b"{}", "chat/consolidated.safetensors": b"con" * 400_000,
         "chat/notes/x.json": b"{}", "chat/a b+c.gguf": b"GGUF" * 100, "chatter/params.json": b"other"}
FOLDER = {"params.json": b"{}", "tekken.json": b"{}", "consolidated.safetensors": MODEL["chat/consolidated.safetensors"]}


class FetchingFromStores(fetching.Fetching):
    def fetched(self, server, **settings: str):
        return self.fetch(**{"FETCH_SOURCE": "s3", "FETCH_ENDPOINT": server.url, "FETCH_BUCKET": BUCKET, "FETCH_PREFIX": "chat/",
                             "FETCH_SECRET": "store", "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET} | settings)

    def test_a_folder_is_fetched_with_signed_requests(self):
        server = self.stand_in(MODEL, signed=True)
        self.assert_whole(self.fetched(server), FOLDER)
        self.assertNotIn("chatter/params.json", [name for _, name, _ in server.seen])

    def test_a_public_bucket_needs_no_credentials(self):
        self.assert_whole(self.fetched(self.stand_in(MODEL), AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""), FOLDER)

    def test_one_object_is_fetched_and_verified(self):
        body = MODEL["chat/a b+c.gguf"]
        done = self.fetched(self.stand_in(MODEL, signed=True), FETCH_FILE="a b+c.gguf", FETCH_SHA256=hashlib.sha256(body).hexdigest())
        self.assert_whole(done, {"a b+c.gguf": body})
        self.folder = self.folder.with_name("wrong")
        done = self.fetched(self.stand_in(MODEL, signed=True), FETCH_FILE="a b+c.gguf", FETCH_SHA256="0" * 64)
        self.assert_refused(done, 13, "wrong checksum")

    def test_a_torn_object_is_resumed(self):
        server = self.stand_in(MODEL, "torn", signed=True)
        self.assert_whole(self.fetched(server), FOLDER)
        self.assertIn("bytes=1000000-", server.ranges_seen())

    def test_wrong_credentials_name_their_secret(self):
        done = self.fetched(self.stand_in(MODEL, signed=True), AWS_SECRET_ACCESS_KEY="hush-wrong")
        self.assert_refused(done, 10, "credentials of Secret store", "HTTP 403, SignatureDoesNotMatch", "s3://models/chat/")

    def test_missing_credentials_name_the_field(self):
        done = self.fetched(self.stand_in(MODEL, signed=True), AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        self.assert_refused(done, 10, "s3.credentialsSecretRef")

    def test_a_missing_object_is_named(self):
        self.assert_refused(self.fetched(self.stand_in(MODEL), FETCH_FILE="none.gguf"), 11, "s3://models/chat/ has no file none.gguf")
        self.assert_refused(self.fetched(self.stand_in(MODEL), FETCH_PREFIX="none"), 11, "s3://models/none/ has no weights")

    def test_a_redirect_is_not_followed_with_a_signature_for_another_address(self):
        self.assert_refused(self.fetched(self.stand_in(MODEL, "301")), 1, "set s3.endpoint and s3.region")


class Signing(unittest.TestCase):
    """The worked examples of S3's documentation, "Examples: Signature Calculations"."""

    CREDENTIALS = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

    def sign(self, path: str, credentials=CREDENTIALS, **headers: str) -> dict[str, str]:
        return authorization(f"https://examplebucket.s3.amazonaws.com{path}", "us-east-1", credentials, datetime(2013, 5, 24),
                             {name.replace("_", "-"): value for name, value in headers.items()})

    def test_an_object_with_a_range(self):
        signed = self.sign("/test.txt", Range="bytes=0-9")["Authorization"]
        self.assertTrue(signed.endswith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"), signed)
        self.assertIn("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,", signed)

    def test_a_query_without_a_value(self):
        signed = self.sign("/?lifecycle")["Authorization"]
        self.assertTrue(signed.endswith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"), signed)

    def test_a_list_of_objects(self):
        signed = self.sign("/?max-keys=2&prefix=J")["Authorization"]
        self.assertTrue(signed.endswith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"), signed)

    def test_a_session_is_signed_too(self):
        signed = self.sign("/test.txt", Credentials("AKIA", "x", "session"))
        self.assertEqual("session", signed["x-amz-security-token"])
        self.assertIn("x-amz-security-token", signed["Authorization"])


if __name__ == "__main__":
    unittest.main()
