/** What is typed and not to be seen. */
import { StringDecoder } from 'node:string_decoder';

const INTERRUPT = '\u0003';
const END = '\u0004';
const ERASERS = ['\b', '\u007f'];

/** Asks a terminal for a secret. @returns null when nobody gives it */
export function readSecret(question: string): Promise<string | null> {
  const { stdin, stdout } = process;
  const decoder = new StringDecoder();
  const typed: string[] = [];
  stdin.setRawMode(true);
  stdin.resume();
  stdout.write(question);
  return new Promise((resolve) => {
    const take = (bytes: Buffer): void => {
      for (const character of decoder.write(bytes)) {
        if (['\r', '\n'].includes(character)) return finish(typed.join(''));
        if ([INTERRUPT, END].includes(character)) return finish(null);
        if (ERASERS.includes(character)) typed.pop();
        else typed.push(character);
      }
    };
    const finish = (answer: string | null): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write('\n');
      resolve(answer);
    };
    stdin.on('data', take);
  });
}
