//! The solver: one linear separator by dual coordinate descent (Hsieh et al. 2008, L2-regularised
//! squared hinge loss). Deterministic for a seed. It knows vectors and signs, no texts.

/// A sparse vector: feature indices ascending, with values.
pub(crate) type Sparse = Vec<(u32, f32)>;

/// xorshift64: order of visits must depend on the seed alone.
#[derive(Debug, Clone)]
pub(crate) struct Shuffle(u64);

impl Shuffle {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = (self.next() % (i as u64 + 1)) as usize;
            items.swap(i, j);
        }
    }
}

/// Weights and bias of a separator.
#[derive(Debug, Clone)]
pub(crate) struct Separator {
    pub weights: Vec<f32>,
    pub bias: f32,
}

impl Separator {
    #[cfg(test)]
    pub fn score(&self, x: &Sparse) -> f32 {
        self.bias + x.iter().map(|&(i, v)| self.weights[i as usize] * v).sum::<f32>()
    }
}

/// How to separate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Cost of a violated margin.
    pub cost: f32,
    /// At most so many passes over the rows.
    pub passes: usize,
    /// Stops when no projected gradient exceeds this.
    pub tolerance: f32,
    /// Order of visits.
    pub seed: u64,
}

/// Separates the rows for which `positive` holds from the others. `features` is one more than the
/// greatest index.
pub(crate) fn separate(rows: &[&Sparse], positive: &[bool], features: usize, settings: Settings) -> Separator {
    let mut weights = vec![0.0_f32; features];
    let mut bias = 0.0_f32;
    let mut alpha = vec![0.0_f32; rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut shuffle = Shuffle::new(settings.seed);
    let diagonal = 0.5 / settings.cost;
    let norms: Vec<f32> = rows.iter().map(|x| 1.0 + x.iter().map(|(_, v)| v * v).sum::<f32>()).collect();
    for _ in 0..settings.passes {
        shuffle.shuffle(&mut order);
        let mut worst = 0.0_f32;
        for &row in &order {
            let sign = if positive[row] { 1.0 } else { -1.0 };
            let score = bias + rows[row].iter().map(|&(i, v)| weights[i as usize] * v).sum::<f32>();
            let gradient = sign * score - 1.0 + diagonal * alpha[row];
            let projected = if alpha[row] == 0.0 { gradient.min(0.0) } else { gradient };
            worst = worst.max(projected.abs());
            if projected.abs() > 1e-6 {
                let old = alpha[row];
                alpha[row] = (old - gradient / (norms[row] + diagonal)).max(0.0);
                let step = (alpha[row] - old) * sign;
                for &(i, v) in rows[row] {
                    weights[i as usize] += step * v;
                }
                bias += step;
            }
        }
        if worst < settings.tolerance {
            break;
        }
    }
    Separator { weights, bias }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_what_can_be_separated_and_repeats_itself() {
        let rows: Vec<Sparse> =
            vec![vec![(0, 1.0)], vec![(0, 0.9), (2, 0.1)], vec![(1, 1.0)], vec![(1, 0.8), (2, 0.2)]];
        let refs: Vec<&Sparse> = rows.iter().collect();
        let settings = Settings { cost: 1.0, passes: 100, tolerance: 1e-3, seed: 3 };
        let positive = [true, true, false, false];
        let s = separate(&refs, &positive, 3, settings);
        for (x, p) in rows.iter().zip(positive) {
            assert_eq!(s.score(x) > 0.0, p);
        }
        assert_eq!(s.weights, separate(&refs, &positive, 3, settings).weights);
    }
}
