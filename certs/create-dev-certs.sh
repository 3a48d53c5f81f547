#!/bin/sh
# Makes a private certificate authority and a certificate for localhost (both P-256), so that the server in Development also listens on
# https://localhost:5443. Running it again makes a new certificate under the same authority; --new-ca makes both anew.
set -eu
cd "$(dirname "$0")"
umask 077

if [ "${1:-}" = "--new-ca" ]; then
  rm -f dev-ca.key dev-ca.crt
fi

if [ ! -f dev-ca.key ] || [ ! -f dev-ca.crt ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out dev-ca.key
  openssl req -x509 -new -key dev-ca.key -sha256 -days 825 -out dev-ca.crt \
    -subj "/CN=IdentityProvider development CA on $(uname -n)" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -addext "nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
fi

extensions=$(mktemp)
trap 'rm -f "$extensions" localhost.csr' EXIT
cat > "$extensions" <<'EOF'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1
EOF
openssl ecparam -name prime256v1 -genkey -noout -out localhost.key
openssl req -new -key localhost.key -subj "/CN=localhost" -out localhost.csr
openssl x509 -req -in localhost.csr -CA dev-ca.crt -CAkey dev-ca.key -set_serial "0x$(openssl rand -hex 16)" -sha256 -days 397 \
  -extfile "$extensions" -out localhost.crt 2> /dev/null
chmod 644 dev-ca.crt localhost.crt

echo "Made certs/localhost.crt and certs/localhost.key, signed by certs/dev-ca.crt."
echo "The server uses them at its next start: https://localhost:5443"
echo "To trust them: SSL_CERT_FILE=$(pwd)/dev-ca.crt for one program, or add dev-ca.crt to the trust store of your system or browser."
