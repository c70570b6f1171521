//! Loops for the widest vectors of the processor at hand.

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use fearless_simd::{Level, Simd};

/// Runs `work`, compiled a second time for AVX2, where the processor has it. The build is for every x86-64
/// processor, whose vectors are half as wide.
///
/// Only what is `#[inline(always)]` is compiled twice, the closure itself included; a function that is
/// called keeps its narrow vectors. The results are the same: multiplications and additions are never fused.
#[inline(always)]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(avx2) = Level::new().as_avx2() {
        return avx2.vectorize(work);
    }
    work()
}
