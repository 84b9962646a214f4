### When something fails: what to do next.

error-not-found-heading = No such page
error-not-found = The address may be wrong, or the content is not open to you. Please start again from the first page.
error-method-heading = Please start again
error-method = This step is reached by submitting a form, not directly. Please start again from the first page.
error-too-large = That was too large and was not taken. At most 10 attachments of 20 MB each; take out the large ones and try again. You can add them later with the code.
error-too-large-desk = The files are too large and were not taken: ten at most, 20 MB each. Compress or split them and choose again; what you filled in is still here.
error-broken-form = The form did not arrive whole, probably because the network broke off. Please submit it again.
error-file-large = "{ $name }" is larger than 20 MB. Compress or split it, or leave it out and add it later with the code.
error-csrf = This request did not come from a page of this site and was not carried out. Reload the page and try again.
error-again = This page was already used for another submission. What you wrote is kept; please submit once more.
