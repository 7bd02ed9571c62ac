// A transparency-log client that owes this project nothing: it reads the log over HTTP with Go's own library for the
// checksum database (golang.org/x/mod/sumdb), which computes and checks every hash and signature by itself.
//
//	tlog_client PREFIX VKEY WITNESS_VKEY OLD_CHECKPOINT PROOF LEAF CONSISTENCY COOKIE
//
// It says what it checked, one line each, and ends with 1 at the first thing that does not hold. The last lines tell
// that lies are noticed: a bit of a tile, of a leaf and of a proof turned.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Printf("FAILED %s: %v\n", what, err)
		os.Exit(1)
	}
}

func holds(true_ bool, what string) {
	if !true_ {
		must(errors.New("it does not hold"), what)
	}
	fmt.Println("ok", what)
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err, path)
	return data
}

func get(url, cookie string) ([]byte, error) {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected") }}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %d", url, answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}

// open checks the log's signature and reads the three lines of a checkpoint.
func open(data []byte, verifier note.Verifier) (tlog.Tree, string) {
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err, "checkpoint signature")
	lines := strings.Split(opened.Text, "\n")
	holds(len(lines) == 4 && lines[3] == "" && lines[0] == verifier.Name(), "a checkpoint of three lines, under the log's own name")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err, "root")
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, opened.Text
}

// tiles fetches C2SP tlog-tiles: the paths of Go's library without the height of a tile, which is always 8.
type tiles struct {
	prefix string
	bend   bool
	asked  map[string]bool
}

func (t *tiles) Height() int { return 8 }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		t.asked[path] = true
		data, err := get(t.prefix+path, "")
		if err != nil {
			return nil, err
		}
		if t.bend {
			data[len(data)-1] ^= 1
		}
		found = append(found, data)
	}
	return found, nil
}

func hashes(lines []string) []tlog.Hash {
	var found []tlog.Hash
	for _, line := range lines {
		data, err := base64.StdEncoding.DecodeString(line)
		must(err, "a hash of a proof")
		var hash tlog.Hash
		copy(hash[:], data)
		found = append(found, hash)
	}
	return found
}

// cosigned looks for the witness's line and checks it by the words of C2SP tlog-cosignature.
func cosigned(data []byte, text, vkey string) bool {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err, "witness key")
	for _, line := range strings.Split(string(data), "\n") {
		if !strings.HasPrefix(line, "— "+parts[0]+" ") {
			continue
		}
		signed, err := base64.StdEncoding.DecodeString(strings.Fields(line)[2])
		must(err, "cosignature")
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signed[4:12]), text)
		return len(signed) == 76 && key[0] == 4 && fmt.Sprintf("%x", signed[:4]) == parts[1] &&
			ed25519.Verify(key[1:], []byte(message), signed[12:])
	}
	return false
}

func main() {
	prefix, vkey, witness, cookie := os.Args[1], strings.TrimSpace(os.Args[2]), strings.TrimSpace(os.Args[3]), os.Args[8]
	verifier, err := note.NewVerifier(vkey)
	must(err, "the log's key")

	newest, err := get(prefix+"checkpoint", "")
	must(err, "checkpoint")
	tree, text := open(newest, verifier)
	old, _ := open(read(os.Args[4]), verifier)
	holds(cosigned(newest, text, witness), "the cosignature of the member's own site")
	holds(!cosigned(newest, text+"x", witness), "that it fits no other text")

	// every entry, and the whole history, out of tiles that are checked against the signed root
	source := &tiles{prefix: prefix, asked: map[string]bool{}}
	reader := tlog.TileHashReader(tree, source)
	for index := int64(0); index < tree.N; index++ {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		must(err, "inclusion out of tiles")
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		must(err, "leaf hash")
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]), "inclusion")
	}
	fmt.Printf("ok inclusion of all %d entries, out of %d tiles\n", tree.N, len(source.asked))
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	must(err, "consistency out of tiles")
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), "consistency")
	fmt.Printf("ok consistency of %d with %d entries, out of tiles\n", old.N, tree.N)

	// the entries themselves, for whoever may read them
	var leaves [][]byte
	for start := int64(0); start < tree.N; start += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: start / 256, W: 256}
		if tree.N-start < 256 {
			tile.W = int(tree.N - start)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		_, err := get(prefix+path, "")
		holds(err != nil && strings.HasSuffix(err.Error(), ": 401"), "entries are closed to strangers, who are not led elsewhere")
		bundle, err := get(prefix+path, cookie)
		must(err, "entry bundle")
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			leaves = append(leaves, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	holds(int64(len(leaves)) == tree.N, "as many entries as the checkpoint counts")
	for index, leaf := range leaves {
		stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
		must(err, "leaf hash")
		if stored[0] != tlog.RecordHash(leaf) {
			must(errors.New("it does not hold"), fmt.Sprintf("entry %d", index))
		}
	}
	fmt.Println("ok every entry hashes to its leaf")

	// the files that a person downloads
	head, signed, _ := bytes.Cut(read(os.Args[5]), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	holds(lines[0] == "c2sp.org/tlog-proof@v1", "the form of the proof")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must(err, "index")
	under, _ := open(signed, verifier)
	leaf := read(os.Args[6])
	path := tlog.RecordProof(hashes(lines[2:]))
	must(tlog.CheckRecord(path, under.N, under.Hash, index, tlog.RecordHash(leaf)), "the proof file")
	fmt.Printf("ok the proof file of entry %d\n", index)
	head, signed, _ = bytes.Cut(read(os.Args[7]), []byte("\n\n"))
	lines = strings.Split(string(head), "\n")
	holds(lines[0] == fmt.Sprintf("old %d", old.N), "the form of the consistency proof")
	later, _ := open(signed, verifier)
	history := tlog.TreeProof(hashes(lines[1:]))
	must(tlog.CheckTree(history, later.N, later.Hash, old.N, old.Hash), "the consistency file")
	fmt.Println("ok the consistency file")

	// lies
	bent := tlog.TileHashReader(tree, &tiles{prefix: prefix, bend: true, asked: map[string]bool{}})
	_, err = tlog.ProveRecord(tree.N, 0, bent)
	holds(err != nil, "a turned bit of a tile is noticed")
	leaf[0] ^= 1
	holds(tlog.CheckRecord(path, under.N, under.Hash, index, tlog.RecordHash(leaf)) != nil, "a turned bit of a leaf is noticed")
	old.Hash[0] ^= 1
	holds(tlog.CheckTree(history, later.N, later.Hash, old.N, old.Hash) != nil, "another history is noticed")
	newest[len(newest)-4] ^= 1
	newest[20] ^= 1
	_, err = note.Open(newest, note.VerifierList(verifier))
	holds(err != nil, "a turned bit of the checkpoint is noticed")
}
