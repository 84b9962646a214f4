### When something fails: what to do next.

error-not-found-heading = No such page
error-not-found = The address may be wrong, or the content is not open to you. Please start again from the first page.
error-method-heading = Please start again
error-method = This step is reached by submitting a form, not directly. Please start again from the first page.
error-too-large = That was too large and was not taken. At most 10 attachments of 20 MB each; take out the large ones and try again. You can add them later with the code.
error-broken-form = The form did not arrive whole, probably because the network broke off. Please submit it again.
error-file-kind = "{ $name }" is not a kind of file we take. Please use a picture (jpg, png), PDF, docx or xlsx.
error-file-large = "{ $name }" is larger than 20 MB. Compress or split it, or leave it out and add it later with the code.
error-file-failed = "{ $name }" could not be stored. Please choose it again, or leave it out for now.
error-busy = The register cannot be reached at the moment and nothing was stored. What you wrote is kept; please try again in a while.
error-csrf = This request did not come from a page of this site and was not carried out. Reload the page and try again.
error-forbidden = Your role does not allow this. If it is needed, ask the head of your office.
error-internal = Something failed on our side and nothing was stored. Try again later, or tell the administrator.
