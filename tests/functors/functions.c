/* Functions for the tests of `.functor`. BITS is how wide numbers are. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if BITS == 64
typedef int64_t number;
typedef uint64_t natural;
typedef double real;
#else
typedef int32_t number;
typedef uint32_t natural;
typedef float real;
#endif

number longer(number n, const char *text) { return n + (number)strlen(text); }

const char *greeting(void) { return "hello"; }

natural product(natural n) {
  natural all = 1;
  while (n > 1) all *= n--;
  return all;
}

real half(real x) { return x / 2; }

/* Each thread has a place of its own for the text. */
const char *label(number n, natural u, real x, const char *text, number many, number arguments, number indeed) {
  static _Thread_local char made[64];
  snprintf(made, sizeof made, "%d %u %.2f %s %d", (int)n, (unsigned)u, (double)x, text,
           (int)(many + arguments + indeed));
  return made;
}

const char *nothing(number n) { return n > 0 ? "something" : 0; }

const char *bytes(void) { return "\xff\xfe"; }

real inverse(real x) { return 1 / x; }
