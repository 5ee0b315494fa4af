/* hypertoken.h: what a WASM module and HyperToken say to each other. ABI 1.
 *
 * A module plays many rows (copies of the environment) in one call. Everything lies in arrays of its own memory, one
 * entry a row; with several agents, one an agent within the row: [rows][agents]. HyperToken writes actions, calls, and
 * reads what came of them. A module imports nothing: no clock, no files, no chance but the seeds it is given.
 *
 * It exports its memory, as "memory", and these functions, in the order in which they are called:
 *
 *   int32_t ht_abi(void)                      HT_ABI
 *   const char *ht_describe(void)             JSON: spaces, agents, options, ...; the same text always
 *   double *ht_options(void)                  one number for each option, in order; only if the JSON has options
 *   const char *ht_open(int32_t rows)         makes room for the rows; 0, or a sentence that says why it cannot
 *   struct ht_columns *ht_columns(void)       where the arrays are, from now on
 *   void ht_reset(int32_t row, int64_t seed)  begins an episode: writes the row's observation, mask and turn
 *   void ht_step(int32_t rows)                plays each row whose `play` is 1, and leaves the others as they are
 *   const char *ht_text(int32_t row, int32_t agent)    the row drawn as text; only if the JSON has "text"
 *   const uint8_t *ht_frame(int32_t row)      the row as RGB pixels from the top; only if the JSON has "frame"
 *
 * Texts are UTF-8 and end with a 0 byte. The same options, seeds and actions must give the same bits. A trap, or a
 * call that outlasts its deadline, loses the whole module: its rows are truncated, and a new one plays on.
 */
#ifndef HYPERTOKEN_H
#define HYPERTOKEN_H

#include <stdint.h>

#define HT_ABI 1
#define HT_EXPORT(name) __attribute__((export_name(#name))) name

enum { HT_LEAVES = 16, HT_INFOS = 16 };
enum { HT_TERMINATED = 1, HT_TRUNCATED = 2 };
#define HT_DRAW_ON ((int64_t) -1) /* as a seed: no seed, go on drawing where the row's generator stands */

/* Every word of it is the address of an array, aligned to its elements; 0 where there is none. */
struct ht_columns {
    /* HyperToken writes these before a call. */
    uint8_t *play;                /* [rows] 1: this row has its action, play it */
    void *action[HT_LEAVES];      /* [rows][agents][leaf] for each leaf of the action space, in its dtype */
    int32_t *turn;                /* [rows] who acts; write who acts next. Not needed for one agent, or if all act */
    double *reward;               /* [rows][agents] all 0 before ht_step: write the reward of those who get one */
    uint8_t *end;                 /* [rows][agents] all 0 before ht_step: HT_TERMINATED or HT_TRUNCATED */
    /* These are yours. */
    void *observation[HT_LEAVES]; /* [rows][agents][leaf] what each agent sees now */
    uint8_t *mask;                /* [rows][agents][choices] 1: allowed. Only if the JSON has "mask_meaning" */
    double *info[HT_INFOS];       /* [rows][agents] for each of the JSON's "info_numbers" */
    int32_t *played;              /* one number, or 0 for none: how many rows of this ht_step are done; if it traps, */
};                                /* the rows before that one keep what they have */

/* Fresh memory, all 0; for ht_open, as nothing gives it back. Traps if the module's memory cannot grow so far. */
static inline void *ht_alloc(uint32_t bytes) {
    extern unsigned char __heap_base;
    static uint32_t end;
    uint32_t begin = ((end ? end : (uint32_t) &__heap_base) + 15) & ~15u;
    uint64_t after = (uint64_t) begin + bytes;
    uint64_t pages = (after + 0xffff) >> 16;
    uint32_t have = __builtin_wasm_memory_size(0);
    if (pages > have && (pages > 0x10000 || __builtin_wasm_memory_grow(0, (uint32_t) pages - have) == (__SIZE_TYPE__) -1)) {
        __builtin_trap();
    }
    end = (uint32_t) after;
    return (void *) begin;
}

#endif
