// Command shipping answers what a parcel costs, over HTTP/2 without TLS inside the cluster.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

// rate returns the price of a parcel in cents.
func rate(country string, grams int) int {
	base := 990
	if country == "DE" {
		base = 490
	}
	return base + 150*(grams/5000)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/rate", func(w http.ResponseWriter, r *http.Request) {
		grams, err := strconv.Atoi(r.URL.Query().Get("grams"))
		if err != nil || grams < 1 {
			http.Error(w, "grams must be a positive number", http.StatusBadRequest)
			return
		}
		json.NewEncoder(w).Encode(map[string]int{"cents": rate(r.URL.Query().Get("country"), grams)})
	})
	log.Fatal(http.ListenAndServe(":8081", h2c.NewHandler(mux, &http2.Server{})))
}
