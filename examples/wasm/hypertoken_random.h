/* hypertoken_random.h: the random numbers of numpy's default_rng(seed), bit for bit, without a C library.
 *
 *   struct ht_random random;
 *   ht_seed(&random, 42);                      rng = numpy.random.default_rng(42)
 *   double share = ht_uniform(&random, 0, 1);  rng.uniform(0, 1)
 *   int64_t face = ht_integers(&random, 1, 7); rng.integers(1, 7)
 *
 * Keep one for each row. HyperToken's environments in Java, and Gymnasium's, draw the same from the same seed.
 * Source: numpy 2.4, numpy/random (SeedSequence, PCG64, Lemire's bounded integers); O'Neill, PCG (2014).
 */
#ifndef HYPERTOKEN_RANDOM_H
#define HYPERTOKEN_RANDOM_H

#include <stdint.h>

struct ht_random {
    uint64_t high, low;           /* the state */
    uint64_t stream_high, stream; /* the increment */
    uint32_t half;                /* the half of an output that a draw of 32 bits left over ... */
    uint32_t half_ready;          /* ... if it did */
};

/* The upper 64 bits of a product. */
static inline uint64_t ht_multiply_high(uint64_t a, uint64_t b) {
    uint64_t a0 = (uint32_t) a, a1 = a >> 32, b0 = (uint32_t) b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (uint32_t) middle;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

/* 64 random bits. */
static inline uint64_t ht_bits(struct ht_random *r) {
    const uint64_t high = 2549297995355413924u, low = 4865540595714422341u;
    r->high = ht_multiply_high(r->low, low) + r->high * low + r->low * high + r->stream_high;
    r->low = r->low * low + r->stream;
    r->high += r->low < r->stream;
    uint64_t folded = r->high ^ r->low;
    uint32_t turn = (uint32_t) (r->high >> 58);
    return folded >> turn | folded << (-turn & 63);
}

/* 32 random bits: the low half of an output first, its high half next. */
static inline uint32_t ht_bits32(struct ht_random *r) {
    if (r->half_ready) {
        r->half_ready = 0;
        return r->half;
    }
    uint64_t next = ht_bits(r);
    r->half_ready = 1;
    r->half = (uint32_t) (next >> 32);
    return (uint32_t) next;
}

/* Begins anew from a seed of 0 or more. */
static inline void ht_seed(struct ht_random *r, int64_t seed) {
    uint32_t pool[4] = {(uint32_t) seed, (uint32_t) ((uint64_t) seed >> 32), 0, 0}, words[8];
    uint32_t hash = 0x43b0d7e5u;
    for (int k = 0; k < 16; k++) { /* first each word by itself, then each into the three others */
        int from = k < 4 ? k : (k - 4) / 3, into = k < 4 ? k : (k - 4) % 3 + ((k - 4) % 3 >= from);
        uint32_t word = pool[from] ^ hash;
        hash *= 0x931e8875u;
        word *= hash;
        word ^= word >> 16;
        if (k >= 4) {
            word = 0xca01f9ddu * pool[into] - 0x4973f715u * word;
            word ^= word >> 16;
        }
        pool[into] = word;
    }
    hash = 0x8b51f9ddu;
    for (int k = 0; k < 8; k++) {
        uint32_t word = pool[k % 4] ^ hash;
        hash *= 0x58f38dedu;
        word *= hash;
        words[k] = word ^ word >> 16;
    }
    uint64_t seed_high = words[0] | (uint64_t) words[1] << 32, seed_low = words[2] | (uint64_t) words[3] << 32;
    uint64_t stream_high = words[4] | (uint64_t) words[5] << 32, stream = words[6] | (uint64_t) words[7] << 32;
    r->stream_high = stream_high << 1 | stream >> 63;
    r->stream = stream << 1 | 1;
    r->low = r->stream + seed_low;
    r->high = r->stream_high + seed_high + (r->low < seed_low);
    r->half_ready = 0;
    ht_bits(r);
}

/* A number in [low, high). */
static inline double ht_uniform(struct ht_random *r, double low, double high) {
    return low + (high - low) * ((double) (ht_bits(r) >> 11) * 0x1p-53);
}

/* An integer in [low, high), which may be up to 2^32 - 1 apart. */
static inline int64_t ht_integers(struct ht_random *r, int64_t low, int64_t high) {
    uint64_t range = (uint64_t) (high - low);
    if (range <= 1) {
        return low; /* a single value draws nothing */
    }
    uint64_t product = ht_bits32(r) * range;
    if ((uint32_t) product < range) {
        uint32_t threshold = (uint32_t) ((0x100000000u - range) % range);
        while ((uint32_t) product < threshold) {
            product = ht_bits32(r) * range;
        }
    }
    return low + (int64_t) (product >> 32);
}

#endif
