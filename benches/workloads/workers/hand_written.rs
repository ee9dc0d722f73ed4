//! Single-purpose solutions: the practical limit an engine is compared with.

use super::Solution;
use super::rows::numbers;

pub(super) static SOLUTIONS: &[Solution] = &[
    Solution { workload: "tc", solve: || closure("arc") },
    Solution { workload: "sg", solve: same_generation },
    Solution { workload: "reach", solve: || reach("arc", "source") },
    Solution { workload: "csda", solve: null_flow },
    Solution { workload: "triangle", solve: triangles },
    Solution { workload: "left", solve: || closure("arc") },
    Solution { workload: "integers", solve: || numbers("pair").len() / 2 },
];

/// The numbers of two columns, in turns.
struct Edges(Vec<u32>);

impl Edges {
    fn read(relation: &str) -> Edges {
        Edges(numbers(relation))
    }

    fn iter(&self) -> impl Iterator<Item = [u32; 2]> {
        self.0.as_chunks().0.iter().copied()
    }

    /// One more than the largest number.
    fn bound(&self) -> usize {
        self.0.iter().max().map_or(0, |&x| x as usize + 1)
    }
}

/// Compressed sparse rows: the targets of `x` are `targets[start[x]..start[x + 1]]`.
struct Rows {
    start: Vec<u32>,
    targets: Vec<u32>,
}

impl Rows {
    fn new(bound: usize, edges: &Edges) -> Rows {
        let mut start = vec![0u32; bound + 1];
        for [x, _] in edges.iter() {
            start[x as usize + 1] += 1;
        }
        for x in 0..bound {
            start[x + 1] += start[x];
        }
        let mut next = start.clone();
        let mut targets = vec![0; edges.0.len() / 2];
        for [x, y] in edges.iter() {
            targets[next[x as usize] as usize] = y;
            next[x as usize] += 1;
        }
        Rows { start, targets }
    }

    fn of(&self, x: u32) -> &[u32] {
        &self.targets[self.start[x as usize] as usize..self.start[x as usize + 1] as usize]
    }
}

/// A set of numbers, one bit each.
struct Bits(Vec<u64>);

impl Bits {
    fn new(bound: usize) -> Bits {
        Bits(vec![0; bound.div_ceil(64)])
    }

    fn insert(&mut self, x: usize) -> bool {
        let bit = 1 << (x % 64);
        let is_new = self.0[x / 64] & bit == 0;
        self.0[x / 64] |= bit;
        is_new
    }
}

/// A breadth-first search from each node.
fn closure(relation: &str) -> usize {
    let edges = Edges::read(relation);
    let bound = edges.bound();
    let rows = Rows::new(bound, &edges);
    let mut seen = Bits::new(bound);
    let mut queue = Vec::new();
    let mut count = 0;
    for x in 0..bound as u32 {
        seen.0.fill(0);
        search(&rows, rows.of(x), &mut queue, |y| seen.insert(y as usize));
        count += queue.len();
    }
    count
}

/// One breadth-first search.
fn reach(relation: &str, source: &str) -> usize {
    let (edges, sources) = (Edges::read(relation), numbers(source));
    let bound = edges.bound().max(sources.iter().max().map_or(0, |&x| x as usize + 1));
    let rows = Rows::new(bound, &edges);
    let mut seen = Bits::new(bound);
    let mut queue = Vec::new();
    search(&rows, &sources, &mut queue, |y| seen.insert(y as usize));
    queue.len()
}

/// A breadth-first search from each node that holds a null value. It sees few nodes: a stamp on each tells which search
/// saw it, and needs no cleaning.
fn null_flow() -> usize {
    let (edges, nulls) = (Edges::read("edge"), Edges::read("null_edge"));
    let bound = edges.bound().max(nulls.bound());
    let (rows, starts) = (Rows::new(bound, &edges), Rows::new(bound, &nulls));
    let mut stamps = vec![u32::MAX; bound];
    let mut queue = Vec::new();
    let mut count = 0;
    for x in 0..bound as u32 {
        search(&rows, starts.of(x), &mut queue, |y| std::mem::replace(&mut stamps[y as usize], x) != x);
        count += queue.len();
    }
    count
}

/// Fills the queue with what the starts and their targets reach.
fn search(rows: &Rows, starts: &[u32], queue: &mut Vec<u32>, mut is_new: impl FnMut(u32) -> bool) {
    queue.clear();
    queue.extend(starts.iter().filter(|&&y| is_new(y)));
    let mut head = 0;
    while head < queue.len() {
        queue.extend(rows.of(queue[head]).iter().filter(|&&z| is_new(z)));
        head += 1;
    }
}

/// A breadth-first search over pairs, with one bit for each.
fn same_generation() -> usize {
    let edges = Edges::read("arc");
    let bound = edges.bound();
    let rows = Rows::new(bound, &edges);
    let mut seen = Bits::new(bound * bound);
    let mut queue: Vec<[u32; 2]> = Vec::new();
    let mut push = |x: u32, y: u32, queue: &mut Vec<[u32; 2]>| {
        if seen.insert(x as usize * bound + y as usize) {
            queue.push([x, y]);
        }
    };
    for parent in 0..bound as u32 {
        for &x in rows.of(parent) {
            for &y in rows.of(parent).iter().filter(|&&y| x != y) {
                push(x, y, &mut queue);
            }
        }
    }
    let mut head = 0;
    while head < queue.len() {
        let [a, b] = queue[head];
        head += 1;
        for &x in rows.of(a) {
            for &y in rows.of(b) {
                push(x, y, &mut queue);
            }
        }
    }
    queue.len()
}

/// For each edge the shorter of what may follow it and what may lead back, looked up in the other.
fn triangles() -> usize {
    let edges = Edges::read("arc");
    let bound = edges.bound();
    let mut out = Rows::new(bound, &edges);
    let mut back = Rows::new(bound, &Edges(edges.iter().flat_map(|[x, y]| [y, x]).collect()));
    for x in 0..bound {
        for rows in [&mut out, &mut back] {
            rows.targets[rows.start[x] as usize..rows.start[x + 1] as usize].sort_unstable();
        }
    }
    let closing = |[a, b]: [u32; 2]| {
        let (next, last) = (out.of(b), back.of(a));
        let (short, long) = if next.len() < last.len() { (next, last) } else { (last, next) };
        short.iter().filter(|c| long.binary_search(c).is_ok()).count()
    };
    edges.iter().map(closing).sum()
}
