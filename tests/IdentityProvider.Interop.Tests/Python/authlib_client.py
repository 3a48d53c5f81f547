"""Authlib as web applications use it, with requests. Talks with its test in lines of JSON, like the programs beside it."""
import json
import os
import sys

import authlib
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.common.security import generate_token
from authlib.oidc.core import CodeIDToken

settings = json.loads(os.environ["INTEROP_SETTINGS"])


def tell(**message):
    print(json.dumps(message), flush=True)


def visit(url):
    tell(visit=url)
    return json.loads(sys.stdin.readline())["url"]


tell(client="Authlib", version=authlib.__version__)
metadata = requests.get(settings["issuer"] + "/.well-known/openid-configuration", timeout=30).json()
assert metadata["issuer"] == settings["issuer"]
tell(covers="discovery")

client = OAuth2Session(
    "code-basic",
    settings["secret"],
    token_endpoint_auth_method="client_secret_basic",
    revocation_endpoint_auth_method="client_secret_basic",
    scope="openid profile email offline_access orders.read",
    redirect_uri=settings["site"] + "/callback",
    code_challenge_method="S256",
)
verifier = generate_token(48)
nonce = generate_token()
address, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
token = client.fetch_token(
    metadata["token_endpoint"], authorization_response=visit(address), state=state, code_verifier=verifier)
keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())
claims = JsonWebToken(["RS256"]).decode(
    token["id_token"],
    keys,
    claims_cls=CodeIDToken,
    claims_options={"iss": {"essential": True, "value": metadata["issuer"]}, "aud": {"essential": True, "value": "code-basic"}},
    claims_params={"nonce": nonce, "client_id": "code-basic", "access_token": token["access_token"]},
)
claims.validate(leeway=0)
tell(covers="authorization code with PKCE, `state` and `nonce`; ID token verified by the key set")

person = client.get(metadata["userinfo_endpoint"]).json()
assert person["sub"] == claims["sub"] and person["email"] == "alice@example.com", person
tell(covers="userinfo")

first = token["refresh_token"]
token = client.refresh_token(metadata["token_endpoint"], refresh_token=first)
assert token["refresh_token"] != first, "the refresh token was not rotated"
tell(covers="refresh with rotation")

services = [
    OAuth2Session("code-basic", settings["secret"], token_endpoint_auth_method="client_secret_basic"),
    OAuth2Session("code-post", settings["secret"], token_endpoint_auth_method="client_secret_post"),
    OAuth2Session(
        "code-key",
        JsonWebKey.import_key(settings["key"]),
        token_endpoint_auth_method=PrivateKeyJWT(metadata["token_endpoint"], alg="ES256"),
    ),
]
for service in services:
    answer = service.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", scope="orders.read")
    assert answer["scope"] == "orders.read", answer
tell(covers="client credentials by `client_secret_basic`, `client_secret_post` and `private_key_jwt`")

api = OAuth2Session("orders-api", settings["secret"], token_endpoint_auth_method="client_secret_basic")


def introspect(value):
    return api.introspect_token(metadata["introspection_endpoint"], token=value, token_type_hint="access_token").json()


answer = introspect(token["access_token"])
assert answer["active"] and answer["client_id"] == "code-basic", answer
tell(covers="introspection")

client.revoke_token(metadata["revocation_endpoint"], token=token["refresh_token"], token_type_hint="refresh_token")
assert introspect(token["access_token"]) == {"active": False}
try:
    client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    sys.exit("a revoked refresh token was taken")
except OAuthError as error:
    assert error.error == "invalid_grant", error
tell(covers="revocation")
