/** Powers of two that come out the same on every machine. */
import { SIGNAL_UNIT } from './signal.js';

// 2^(−1/2), 2^(−1/4) … Unlike powers, square roots are rounded in one way only. @source IEEE 754-2019 §5.4.1
const ROOTS: readonly number[] = roots();
const MOST_HALVINGS = 40;

function roots(): number[] {
  const found: number[] = [];
  for (let root = Math.sqrt(0.5); found.length < 30; root = Math.sqrt(root)) found.push(root);
  return found;
}

/** 2^(−age ÷ halfLife) in millionths; what is yet to come counts as now. */
export function decay(age: number, halfLife: number): number {
  if (age <= 0) return SIGNAL_UNIT;
  const halvings = Math.floor(age / halfLife);
  if (halvings > MOST_HALVINGS) return 0;
  let rest = age / halfLife - halvings;
  let value = 1;
  for (const root of ROOTS) {
    rest *= 2;
    if (rest < 1) continue;
    rest -= 1;
    value *= root;
  }
  for (let count = 0; count < halvings; count++) value /= 2;
  return Math.round(value * SIGNAL_UNIT);
}
