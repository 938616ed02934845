//! Numbers that `os` shows.

macro_rules! from_libc {
    ($($name:ident),* $(,)?) => { &[$((stringify!($name), libc::$name as i64),)* ] };
}

const FROM_LIBC: &[(&str, i64)] = from_libc![
    F_OK,
    R_OK,
    W_OK,
    X_OK,
    O_RDONLY,
    O_WRONLY,
    O_RDWR,
    O_ACCMODE,
    O_APPEND,
    O_CREAT,
    O_EXCL,
    O_TRUNC,
    O_NONBLOCK,
    O_NDELAY,
    O_SYNC,
    O_DSYNC,
    O_RSYNC,
    O_ASYNC,
    O_DIRECT,
    O_DIRECTORY,
    O_NOFOLLOW,
    O_NOATIME,
    O_NOCTTY,
    O_CLOEXEC,
    O_PATH,
    O_TMPFILE,
    SEEK_DATA,
    SEEK_HOLE,
    WNOHANG,
    WUNTRACED,
    WCONTINUED,
    WEXITED,
    WSTOPPED,
    WNOWAIT,
    P_ALL,
    P_PID,
    P_PGID,
    PRIO_PROCESS,
    PRIO_PGRP,
    PRIO_USER,
    RTLD_LAZY,
    RTLD_NOW,
    RTLD_GLOBAL,
    RTLD_LOCAL,
    RTLD_NODELETE,
    RTLD_NOLOAD,
    GRND_NONBLOCK,
    GRND_RANDOM,
    SCHED_OTHER,
    SCHED_FIFO,
    SCHED_RR,
    SCHED_BATCH,
    SCHED_IDLE,
    F_LOCK,
    F_TEST,
    F_TLOCK,
    F_ULOCK,
    ST_RDONLY,
    ST_NOSUID,
];

const OTHERS: &[(&str, i64)] = &[
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238_328),
    ("O_LARGEFILE", 0),
    ("O_FSYNC", 1_052_672),
    ("CLD_EXITED", 1),
    ("CLD_KILLED", 2),
    ("CLD_DUMPED", 3),
    ("CLD_TRAPPED", 4),
    ("CLD_STOPPED", 5),
    ("CLD_CONTINUED", 6),
];

const fn joined() -> [(&'static str, i64); FROM_LIBC.len() + OTHERS.len()] {
    let mut all = [("", 0); FROM_LIBC.len() + OTHERS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < FROM_LIBC.len() { FROM_LIBC[at] } else { OTHERS[at - FROM_LIBC.len()] };
        at += 1;
    }
    all
}

pub static NUMBERS: &[(&str, i64)] = &joined();
