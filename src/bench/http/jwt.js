// What the gateway checks first of all: the signature of the session cookie, and that it hasn't expired.
import crypto from 'crypto';

const KEY = process.env.JWT_KEY;

function granted(r) {
  const parts = (r.variables['cookie_pm-session'] || '').split('.');
  if (parts.length !== 3) {
    return '';
  }
  const mac = crypto.createHmac('sha256', KEY).update(parts[0] + '.' + parts[1]).digest('base64url');
  if (mac !== parts[2]) {
    return '';
  }
  const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
  return claims.exp > Date.now() / 1000 ? claims.ip : '';
}

export default { granted };
