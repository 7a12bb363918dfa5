module storefront.example/shipping

go 1.22

require golang.org/x/net v0.15.0

require golang.org/x/text v0.13.0 // indirect
