//! A quick 128-bit hash for keys of memos: collisions would be wrong answers, so it is wide.

use std::hash::Hasher;

/// Mixes what it is given into 128 bits. Not for hostile keys of a table: for telling states apart.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    a: u64,
    b: u64,
}

impl Default for Mix {
    fn default() -> Self {
        Self { a: 0x243F_6A88_85A3_08D3, b: 0x1319_8A2E_0370_7344 }
    }
}

impl Mix {
    /// All of it.
    pub fn wide(self) -> u128 {
        let fold = |x: u64| (x ^ (x >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ (x >> 32);
        (u128::from(fold(self.a ^ self.b.rotate_left(23))) << 64)
            | u128::from(fold(self.b.wrapping_add(self.a.rotate_left(41))))
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        (self.wide() >> 64) as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            self.write_u64(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
        self.write_u64(bytes.len() as u64);
    }

    fn write_u64(&mut self, word: u64) {
        self.a = (self.a ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
        self.b = (self.b.rotate_left(27) ^ word).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

/// A table whose keys are texts of ours or of one file: quick, and wide enough that nobody can make it slow.
pub type Table<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<Mix>>;
