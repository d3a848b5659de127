/*
 * i386: a 32-bit program, whose system calls go the other way into the kernel. It needs no 32-bit C
 * library: what it takes from the system is written down here. Slot 0 counts and sleeps, slot 1
 * spins. It obeys no commands.
 *
 * cc: -m32 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie -fomit-frame-pointer
 * machine: x86_64
 */
typedef unsigned int u32;

enum { SYS_EXIT = 1, SYS_WRITE = 4, SYS_CLONE = 120, SYS_NANOSLEEP = 162, SYS_MMAP2 = 192, SYS_GETTID = 224 };
enum { PROTECTION = 1 | 2, MAP_SHARED = 1 };
enum { CLONE_THREAD_OF_OURS = 0x00000100 | 0x00000200 | 0x00000400 | 0x00000800 | 0x00010000 };

/* Offsets of `struct shared` in target.h; of each 64-bit word the lower half comes first. */
enum { SLOTS_IN_USE = 24, FAILURES = 32, PERIOD_US = 56, SLOTS = 4096, SLOT = 64, BYTES = SLOTS + 2 * SLOT };

static volatile char *shared;

static int call(int number, u32 a, u32 b, u32 c, u32 d, u32 e) {
  int result;
  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                   : "memory");
  return result;
}

static volatile u32 *word(int offset) { return (volatile u32 *)(shared + offset); }

static int take_slot(int i) {
  int at = SLOTS + i * SLOT;
  *word(at + 8) = (u32)call(SYS_GETTID, 0, 0, 0, 0, 0);
  *word(at + 16) = 1;
  return at;
}

/* The same sum in registers and in memory. */
static void work(int slot, int sleeps) {
  u32 value = 1;
  volatile u32 twin = 1;
  struct {
    int seconds, nanoseconds;
  } millisecond = {0, 1000000};
  for (;;) {
    for (int i = 0; i < 500; i++) {
      value = value * 1664525u + 1013904223u;
      twin = twin * 1664525u + 1013904223u;
    }
    if (value != twin) ++*word(FAILURES);
    ++*word(slot);
    if (sleeps && call(SYS_NANOSLEEP, (u32)&millisecond, 0, 0, 0, 0) != 0) ++*word(FAILURES);
  }
}

static void spin(void) { work(take_slot(1), 0); }

static char stack[16384] __attribute__((aligned(16)));

static void start_spinning(void) {
  u32 *top = (u32 *)(stack + sizeof stack) - 4;
  *top = (u32)&spin; /* where the new thread's first `ret` takes it */
  int result;
  __asm__ volatile("int $0x80\n"
                   "test %%eax, %%eax\n"
                   "jnz 1f\n"
                   "ret\n"
                   "1:"
                   : "=a"(result)
                   : "0"(SYS_CLONE), "b"(CLONE_THREAD_OF_OURS), "c"(top), "d"(0), "S"(0), "D"(0)
                   : "memory", "cc");
}

/* The number in the environment variable LIBPROC4J_TARGET_SHARED_FD. */
static int shared_fd(char **environment) {
  static const char name[] = "LIBPROC4J_TARGET_SHARED_FD=";
  for (; *environment != 0; environment++) {
    const char *text = *environment;
    int i = 0;
    while (name[i] != 0 && text[i] == name[i]) i++;
    if (name[i] != 0) continue;
    int fd = 0;
    for (; text[i] >= '0' && text[i] <= '9'; i++) fd = fd * 10 + (text[i] - '0');
    return fd;
  }
  call(SYS_EXIT, 98, 0, 0, 0, 0);
  return -1;
}

__attribute__((used)) static void run(u32 *words) {
  char **environment = (char **)(words + 2 + words[0]); /* after argc, argv and its null */
  int fd = shared_fd(environment);
  int mapped;
  /* Six arguments: the last one, the offset, goes in %ebp. */
  __asm__ volatile("push %%ebp\n"
                   "xor %%ebp, %%ebp\n"
                   "int $0x80\n"
                   "pop %%ebp\n"
                   : "=a"(mapped)
                   : "0"(SYS_MMAP2), "b"(0), "c"(BYTES), "d"(PROTECTION), "S"(MAP_SHARED), "D"(fd)
                   : "memory");
  if ((u32)mapped > -4096u) call(SYS_EXIT, 97, 0, 0, 0, 0);
  shared = (volatile char *)mapped;
  *word(SLOTS_IN_USE) = 2;
  *word(PERIOD_US) = 1000;
  int slot = take_slot(0);
  start_spinning();
  while (*word(SLOTS + SLOT) == 0) continue;
  call(SYS_WRITE, 1, (u32) "ready\n", 6, 0, 0);
  work(slot, 1);
}

__asm__(".globl _start\n"
        "_start:\n"
        "  movl %esp, %eax\n"
        "  andl $-16, %esp\n"
        "  subl $12, %esp\n"
        "  pushl %eax\n"
        "  call run\n");
