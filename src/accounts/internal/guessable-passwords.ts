/**
 * Passwords that lists of stolen ones put first. Trailing digits and signs are stripped before the
 * look-up, so `password2026!` is found as `password`.
 */
export const GUESSABLE_PASSWORDS: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 0123456789 87654321 987654321 11223344 123123123 12341234 147258369
  password passw0rd p@ssw0rd p@ssword passwort motdepasse contraseña wachtwoord salasana qwertyui
  qwerty qwertyuiop qwertz qwertzui azerty azertyui asdfghjk asdfghjkl zxcvbnm 1q2w3e4r 1q2w3e4r5t
  1qaz2wsx q1w2e3r4 qazwsxedc abcdefgh abcd1234 abc12345 a1b2c3d4 iloveyou sunshine princess
  football baseball basketball superman batman starwars pokemon dragonball computer internet
  trustno1 whatever welcome letmein master michelle jennifer jordan charlie liverpool chelsea
  arsenal changeme changeit administrator admin administrador secret supersecret default guest
  testtest test1234 samsung google facebook instagram pixelfed mastodon triptych fediverse`.split(
    /\s+/,
  ),
);
