;; A walk to a goal on a 5 by 5 grid, in WebAssembly's text: rows in fixed places, a mask, a text and a picture.
;;
;; What lies where, for up to 1,024 rows:
;;   0x0400  a sentence            0x6800  observation  i64 [rows][2]
;;   0x0500  the description       0xa800  mask         u8  [rows][4]
;;   0x1000  struct ht_columns     0xb800  random       i64 [rows]
;;   0x2000  play    u8  [rows]    0xd800  the text of a row
;;   0x2400  action  i64 [rows]    0xe000  the picture of a row
;;   0x4400  reward  f64 [rows]
;;   0x6400  end     u8  [rows]
(module
  (memory (export "memory") 1 1)

  (data (i32.const 0x0400) "this module has room for 1024 rows\00")
  (data (i32.const 0x0500)
    "{\"rules\": \"Walk to the goal on a 5 by 5 grid; cells are numbered row by row. Each step costs 1.\","
    "\"observation_space\": {\"type\": \"multi_discrete\", \"nvec\": [25, 25]},"
    "\"observation_legend\": [\"the walker's cell\", \"the goal's cell\"],"
    "\"action_names\": [\"up\", \"right\", \"down\", \"left\"], \"mask_meaning\": \"binding\","
    "\"reward_kind\": \"integer\", \"max_steps\": 100, \"text\": true,"
    "\"frame\": {\"width\": 40, \"height\": 40}}\00")
  (data (i32.const 0x1000) "\00\20\00\00" "\00\24\00\00")                 ;; words 0, 1: play, action[0]
  (data (i32.const 0x1048) "\00\44\00\00" "\00\64\00\00" "\00\68\00\00") ;; words 18 to 20: reward, end, observation[0]
  (data (i32.const 0x1090) "\00\a8\00\00")                               ;; word 36: mask

  (func (export "ht_abi") (result i32) (i32.const 1))
  (func (export "ht_describe") (result i32) (i32.const 0x0500))
  (func (export "ht_columns") (result i32) (i32.const 0x1000))
  (func (export "ht_open") (param $rows i32) (result i32)
    (if (result i32) (i32.gt_u (local.get $rows) (i32.const 1024))
      (then (i32.const 0x0400))
      (else (i32.const 0))))

  ;; A cell from 0 to 24, drawn by SplitMix64 (Steele, Lea and Flood, 2014).
  (func $draw (param $row i32) (result i64)
    (local $at i32) (local $z i64)
    (local.set $at (i32.shl (local.get $row) (i32.const 3)))
    (local.set $z (i64.add (i64.load offset=0xb800 (local.get $at)) (i64.const 0x9e3779b97f4a7c15)))
    (i64.store offset=0xb800 (local.get $at) (local.get $z))
    (local.set $z (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 30))) (i64.const 0xbf58476d1ce4e5b9)))
    (local.set $z (i64.mul (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 27))) (i64.const 0x94d049bb133111eb)))
    (i64.rem_u (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 31))) (i64.const 25)))

  ;; Puts the walker of a row on a cell: what it sees, and where it may go from there.
  (func $stand (param $row i32) (param $cell i64)
    (local $mask i32) (local $column i64)
    (i64.store offset=0x6800 (i32.shl (local.get $row) (i32.const 4)) (local.get $cell))
    (local.set $mask (i32.shl (local.get $row) (i32.const 2)))
    (local.set $column (i64.rem_u (local.get $cell) (i64.const 5)))
    (i32.store8 offset=0xa800 (local.get $mask) (i64.ge_u (local.get $cell) (i64.const 5)))
    (i32.store8 offset=0xa801 (local.get $mask) (i64.lt_u (local.get $column) (i64.const 4)))
    (i32.store8 offset=0xa802 (local.get $mask) (i64.lt_u (local.get $cell) (i64.const 20)))
    (i32.store8 offset=0xa803 (local.get $mask) (i64.gt_u (local.get $column) (i64.const 0))))

  (func (export "ht_reset") (param $row i32) (param $seed i64)
    (local $goal i64) (local $cell i64)
    (if (i64.ge_s (local.get $seed) (i64.const 0)) ;; otherwise go on drawing
      (then (i64.store offset=0xb800 (i32.shl (local.get $row) (i32.const 3)) (local.get $seed))))
    (local.set $goal (call $draw (local.get $row)))
    (i64.store offset=0x6808 (i32.shl (local.get $row) (i32.const 4)) (local.get $goal))
    (loop $again
      (local.set $cell (call $draw (local.get $row)))
      (br_if $again (i64.eq (local.get $cell) (local.get $goal))))
    (call $stand (local.get $row) (local.get $cell)))

  (func (export "ht_step") (param $rows i32)
    (local $row i32) (local $action i64) (local $cell i64)
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $row) (local.get $rows)))
        (if (i32.load8_u offset=0x2000 (local.get $row))
          (then
            (local.set $action (i64.load offset=0x2400 (i32.shl (local.get $row) (i32.const 3))))
            (local.set $cell (i64.add
              (i64.load offset=0x6800 (i32.shl (local.get $row) (i32.const 4)))
              ;; up -5, right 1, down 5, left -1
              (select
                (i64.sub (i64.mul (i64.const 5) (local.get $action)) (i64.const 5))
                (i64.sub (i64.const 2) (local.get $action))
                (i64.eqz (i64.and (local.get $action) (i64.const 1))))))
            (call $stand (local.get $row) (local.get $cell))
            (f64.store offset=0x4400 (i32.shl (local.get $row) (i32.const 3)) (f64.const -1))
            (i32.store8 offset=0x6400 (local.get $row)
              (i64.eq (local.get $cell) (i64.load offset=0x6808 (i32.shl (local.get $row) (i32.const 4)))))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $next))))

  ;; What a cell holds: 1 the goal, 2 the walker, 0 nothing.
  (func $content (param $row i32) (param $cell i32) (result i32)
    (local $at i32)
    (local.set $at (i32.shl (local.get $row) (i32.const 4)))
    (if (result i32) (i64.eq (i64.load offset=0x6800 (local.get $at)) (i64.extend_i32_u (local.get $cell)))
      (then (i32.const 2))
      (else (i64.eq (i64.load offset=0x6808 (local.get $at)) (i64.extend_i32_u (local.get $cell))))))

  (func (export "ht_text") (param $row i32) (param $agent i32) (result i32)
    (local $cell i32) (local $to i32) (local $content i32)
    (local.set $to (i32.const 0xd800))
    (loop $next
      (local.set $content (call $content (local.get $row) (local.get $cell)))
      (i32.store8 (local.get $to)
        (select (i32.const 0x57 (; W ;))
          (select (i32.const 0x47 (; G ;)) (i32.const 0x2e (; . ;)) (local.get $content))
          (i32.eq (local.get $content) (i32.const 2))))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 1)))
      (if (i32.eqz (i32.rem_u (local.get $cell) (i32.const 5)))
        (then
          (i32.store8 (local.get $to) (i32.const 10))
          (local.set $to (i32.add (local.get $to) (i32.const 1)))))
      (br_if $next (i32.lt_u (local.get $cell) (i32.const 25))))
    (i32.store8 (local.get $to) (i32.const 0))
    (i32.const 0xd800))

  ;; Cells of 8 by 8 pixels: black, the goal green, the walker white.
  (func (export "ht_frame") (param $row i32) (result i32)
    (local $pixel i32) (local $content i32) (local $to i32)
    (local.set $to (i32.const 0xe000))
    (loop $next
      (local.set $content (call $content (local.get $row)
        (i32.add
          (i32.mul (i32.div_u (local.get $pixel) (i32.const 320)) (i32.const 5))
          (i32.div_u (i32.rem_u (local.get $pixel) (i32.const 40)) (i32.const 8)))))
      (i32.store8 (local.get $to) (i32.mul (i32.eq (local.get $content) (i32.const 2)) (i32.const 255)))
      (i32.store8 offset=1 (local.get $to) (i32.mul (i32.ne (local.get $content) (i32.const 0)) (i32.const 255)))
      (i32.store8 offset=2 (local.get $to) (i32.mul (i32.eq (local.get $content) (i32.const 2)) (i32.const 255)))
      (local.set $to (i32.add (local.get $to) (i32.const 3)))
      (local.set $pixel (i32.add (local.get $pixel) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $pixel) (i32.const 1600))))
    (i32.const 0xe000)))
