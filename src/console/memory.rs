//! How much memory there is, and so how much a run may use.

use std::fs;

/// Three quarters of the least of the machine's memory, the control group's and the address space's; none where
/// nothing can be learnt.
pub(crate) fn default_limit() -> Option<usize> {
    let least = [machine(), control_group(), address_space()].into_iter().flatten().min()?;
    Some(least / 4 * 3)
}

/// Physical memory.
fn machine() -> Option<usize> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The limit of the control group, in either version; "max" is none.
fn control_group() -> Option<usize> {
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    files.iter().find_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok())
}

/// What `ulimit -v` says; "unlimited" is none.
fn address_space() -> Option<usize> {
    let text = fs::read_to_string("/proc/self/limits").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}
