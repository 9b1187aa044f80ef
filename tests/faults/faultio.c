/*
 * Faults on request: preloaded into a process, this library counts the calls that change files below one folder and
 * lets the n-th of them go wrong.
 *
 *     cc -shared -fPIC -O2 -o faultio.so faultio.c -ldl
 *     LD_PRELOAD=./faultio.so FAULT_DIR=/folder/ FAULT_AT=17 FAULT_MODE=kill program
 *
 * FAULT_DIR    prefix of the paths that are watched; nothing is watched without it
 * FAULT_AT     number of the call, from 1; 0 or absent: count only
 * FAULT_MODE   kill    the process dies before the call
 *              torn    half of the bytes are written, then the process dies
 *              enospc  this call and all later ones find the disk full
 *              eio     this call alone answers with an input/output error
 * FAULT_LOG    a file that receives every call that took place, with its bytes (see tests/helpers/power_cut.py)
 *
 * A process that is already warm can set all this for itself, after a fork: faultio_arm(). faultio_count() tells how
 * many calls there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum verdict { PROCEED, FAIL, TEAR };

static char watched[4096];
static char mode[16];
static long stop_at;
static long calls;
static int log_fd = -1;
static int ready;

static void copy_text(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : ""); }

/* Opens the log past our own wrappers, and not to be inherited by programs that the process starts. */
static void open_log(const char *path) {
    if (log_fd >= 0) close(log_fd);
    log_fd = -1;
    if (path && *path) log_fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void faultio_arm(const char *folder, long at, const char *how, const char *log) {
    copy_text(watched, sizeof watched, folder);
    copy_text(mode, sizeof mode, how);
    stop_at = at;
    calls = 0;
    ready = 1;
    open_log(log);
}

long faultio_count(void) { return calls; }

static void set_up_once(void) {
    if (ready) return;
    const char *at = getenv("FAULT_AT");
    faultio_arm(getenv("FAULT_DIR"), at ? atol(at) : 0, getenv("FAULT_MODE"), getenv("FAULT_LOG"));
}

/* Below the folder, or the folder itself, whose sync makes names last. */
static int is_watched(const char *path) {
    size_t length = strlen(watched);
    if (!length) return 0;
    if (strncmp(path, watched, length) == 0) return 1;
    return watched[length - 1] == '/' && strlen(path) == length - 1 && strncmp(path, watched, length - 1) == 0;
}

/* The path behind a descriptor goes to `path`; answers whether it is watched. */
static int descriptor_is_watched(int fd, char *path, size_t size) {
    char link[64];
    set_up_once();
    if (!*watched || fd == log_fd) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_watched(path);
}

static void die(void) { kill(getpid(), SIGKILL); }

static enum verdict next_call(void) {
    calls++;
    if (stop_at <= 0 || calls < stop_at) return PROCEED;
    if (strcmp(mode, "enospc") == 0) {
        errno = ENOSPC;
        return FAIL;
    }
    if (calls > stop_at) return PROCEED;
    if (strcmp(mode, "kill") == 0) die();
    if (strcmp(mode, "torn") == 0) return TEAR;
    if (strcmp(mode, "eio") == 0) {
        errno = EIO;
        return FAIL;
    }
    return PROCEED;
}

/* One record: kind (1), length of path (2), offset (8), length of body (4), path, body; little-endian as the machine. */
static void record(char kind, const char *path, int64_t offset, const void *body, uint32_t size) {
    if (log_fd < 0) return;
    uint16_t length = strlen(path);
    char head[15];
    head[0] = kind;
    memcpy(head + 1, &length, 2);
    memcpy(head + 3, &offset, 8);
    memcpy(head + 11, &size, 4);
    syscall(SYS_write, log_fd, head, sizeof head);
    syscall(SYS_write, log_fd, path, length);
    if (size) syscall(SYS_write, log_fd, body, size);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    char path[4096];
    if (!descriptor_is_watched(fd, path, sizeof path)) return real(fd, bytes, size, offset);
    switch (next_call()) {
    case FAIL: return -1;
    case TEAR: real(fd, bytes, size / 2, offset); die();
    default: break;
    }
    ssize_t done = real(fd, bytes, size, offset);
    if (done > 0) record('W', path, offset, bytes, done);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) { return pwrite64(fd, bytes, size, offset); }

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    char path[4096];
    if (!descriptor_is_watched(fd, path, sizeof path)) return real(fd, bytes, size);
    switch (next_call()) {
    case FAIL: return -1;
    case TEAR: real(fd, bytes, size / 2); die();
    default: break;
    }
    int64_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, bytes, size);
    if (done > 0) record('W', path, offset, bytes, done);
    return done;
}

/* Calls without bytes cannot be torn: there the process dies before the call, as with kill. */
static int may_not(enum verdict verdict) {
    if (verdict == TEAR) die();
    return verdict == FAIL;
}

#define SYNC(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        char path[4096]; \
        if (!descriptor_is_watched(fd, path, sizeof path)) return real(fd); \
        if (may_not(next_call())) return -1; \
        int answer = real(fd); \
        if (answer == 0) record('S', path, 0, NULL, 0); \
        return answer; \
    }

SYNC(fsync)
SYNC(fdatasync)

int ftruncate64(int fd, off64_t size) {
    REAL(int, ftruncate64, int, off64_t);
    char path[4096];
    if (!descriptor_is_watched(fd, path, sizeof path)) return real(fd, size);
    if (may_not(next_call())) return -1;
    int answer = real(fd, size);
    if (answer == 0) record('T', path, size, NULL, 0);
    return answer;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    set_up_once();
    if (!is_watched(path)) return real(path);
    if (may_not(next_call())) return -1;
    int answer = real(path);
    if (answer == 0) record('U', path, 0, NULL, 0);
    return answer;
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    set_up_once();
    if (!is_watched(to)) return real(from, to);
    if (may_not(next_call())) return -1;
    int answer = real(from, to);
    if (answer == 0) record('R', from, 0, to, strlen(to));
    return answer;
}
