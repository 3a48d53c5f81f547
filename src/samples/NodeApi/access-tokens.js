import { errors, jwtVerify } from 'jose';
import { issuerKeys } from './issuer.js';
import { statusLists } from './status-lists.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

// What is the token's fault; everything else jose throws is a failure to reach the issuer.
const TOKEN_FAULTS = [
  errors.JWTClaimValidationFailed, errors.JWTExpired, errors.JWTInvalid, errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed, errors.JOSEAlgNotAllowed, errors.JOSENotSupported,
  errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys,
];

/** Express middleware: the request needs an access token (RFC 9068 §4) with this scope, answered as RFC 6750 §3 says. */
export function accessTokens({ issuer, audience }) {
  const keys = issuerKeys(issuer);
  const isValid = statusLists(issuer, keys, ALGORITHMS);

  async function verify(token) {
    const { payload } = await jwtVerify(token, keys, {
      issuer, audience, algorithms: ALGORITHMS, typ: 'at+jwt', clockTolerance: 30,
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
    });
    // A token bound to a key is no bearer token (RFC 9449 §7.2).
    if (payload.cnf || !(await isValid(payload))) {
      throw new errors.JWTInvalid('bound to a key, or withdrawn');
    }
    return payload;
  }

  function refuse(response, status, error, more = '') {
    response.set('WWW-Authenticate', `Bearer realm="${audience}"${error ? `, error="${error}"` : ''}${more}`);
    response.status(status).end();
  }

  return (scope) => async (request, response, next) => {
    if (request.query.access_token !== undefined) {
      return refuse(response, 400, 'invalid_request');
    }
    const [, token] = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!token) {
      const isMalformed = /^Bearer( |$)/i.test(request.headers.authorization ?? '');
      return isMalformed ? refuse(response, 400, 'invalid_request') : refuse(response, 401);
    }
    try {
      request.token = await verify(token);
    } catch (error) {
      if (TOKEN_FAULTS.some((fault) => error instanceof fault)) {
        console.info(`access token refused: ${error.message}`);
        return refuse(response, 401, 'invalid_token');
      }
      console.warn(`access token could not be checked: ${error.message}`);
      return response.status(503).set('Retry-After', '5').end();
    }
    const scopes = String(request.token.scope ?? '').split(' ');
    return scopes.includes(scope) ? next() : refuse(response, 403, 'insufficient_scope', `, scope="${scope}"`);
  };
}
