//! What has been read, by number: a few of many numbers are asked for, so that room is made only for those.

/// Values by number.
#[derive(Debug)]
pub(super) struct Cache<T> {
    /// For each number one more than the place of its value; 0: none.
    places: Vec<u32>,
    values: Vec<T>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { places: Vec::new(), values: Vec::new() }
    }
}

impl<T> Cache<T> {
    /// The value of a number.
    pub fn get(&self, number: usize) -> Option<&T> {
        let place = self.places.get(number)?.checked_sub(1)?;
        self.values.get(place as usize)
    }

    /// Keeps a value; one that was kept before is replaced.
    pub fn put(&mut self, number: usize, value: T) {
        if self.places.len() <= number {
            // Numbers come in any order: grown in steps.
            self.places.resize((number + 1).next_multiple_of(128), 0);
        }
        let Some(place) = self.places.get_mut(number) else { return };
        match place.checked_sub(1).and_then(|n| self.values.get_mut(n as usize)) {
            Some(kept) => *kept = value,
            None => {
                self.values.push(value);
                *place = u32::try_from(self.values.len()).unwrap_or(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_any_order() {
        let mut cache = Cache::default();
        for (number, value) in [(300, 'a'), (0, 'b'), (300, 'c')] {
            cache.put(number, value);
        }
        assert_eq!([0, 1, 300, 301, 9000].map(|n| cache.get(n).copied()), [Some('b'), None, Some('c'), None, None]);
    }
}
